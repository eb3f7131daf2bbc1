// validate.mjs schema.json document.json ...: says for each document what breaks the schema, or nothing.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const [schema, ...documents] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
process.stdout.write(JSON.stringify(documents.map((document) => (validate(document) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`)))));
