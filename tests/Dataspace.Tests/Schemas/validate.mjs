// Reads lines {"type": "ContractRequestMessage", "message": {...}} and answers each with the mistakes that the published schemas find, as a line of JSON.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Ajv from 'ajv/dist/2019.js';

const ajv = new Ajv({ strict: false, allErrors: true });
const folder = process.argv[2];
const ids = new Map();
for (const part of ['common', 'catalog', 'negotiation', 'transfer']) {
  for (const file of readdirSync(join(folder, part)).filter((name) => name.endsWith('.json'))) {
    // One reference of the published files lacks a slash: "#definitions/…" would be an anchor.
    const schema = JSON.parse(readFileSync(join(folder, part, file), 'utf8').replaceAll('#definitions/', '#/definitions/'));
    ajv.addSchema(schema);
    ids.set(schema.title.replace(/Schema$/, ''), schema.$id);
  }
}
for await (const line of createInterface({ input: process.stdin })) {
  const { type, message } = JSON.parse(line);
  const validate = ajv.getSchema(ids.get(type) ?? `unknown type ${type}`);
  if (!validate) throw new Error(`no schema for ${type}: ${[...ids.keys()]}`);
  console.log(JSON.stringify(validate(message) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`)));
}
