// Validates a schedule.json (standard input) against the published schema (first argument), and prints the mistakes.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';

const schema = JSON.parse(readFileSync(process.argv[2], 'utf8'));
delete schema.$schema; // draft 6, which ajv 6 reads as its own draft 7
const validate = new Ajv({ allErrors: true, unknownFormats: 'ignore' }).compile(schema);
console.log(JSON.stringify(validate(JSON.parse(readFileSync(0, 'utf8'))) ? [] : validate.errors.map((error) => `${error.dataPath} ${error.message}`)));
