#!/usr/bin/env node
// Verifies the signed package of an assessment, without the platform and without a network.
//   node eng/verify-assessment.mjs package.json [key thumbprint]
// Without a thumbprint the package is only shown to be whole; who signed it is known only by a thumbprint that was obtained from the platform beforehand (GET /api/assessment/v1/signing-keys, "kid").
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [file, thumbprint] = process.argv.slice(2);
const fail = (why) => { console.error(`NOT VALID: ${why}`); process.exit(1); };
const text = (part) => Buffer.from(part, 'base64url').toString('utf8');

let signed, header, payload;
try {
  signed = JSON.parse(readFileSync(file, 'utf8'));
  header = JSON.parse(text(signed.protected));
  payload = JSON.parse(text(signed.payload));
} catch (error) {
  fail(`it cannot be read (${error.message})`);
}
if (header.alg !== 'ES256') fail(`algorithm ${header.alg}`);
const { kty, crv, x, y } = header.jwk ?? {};
const own = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
if (own !== header.kid) fail('the key is not the one that it names');
if (thumbprint && thumbprint !== own) fail(`it was signed with another key: ${own}`);
const key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
const good = verify('sha256', Buffer.from(`${signed.protected}.${signed.payload}`, 'ascii'), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signed.signature, 'base64url'));
if (!good) fail('the signature does not fit: something was changed');
console.log(JSON.stringify({ valid: true, signer: thumbprint ? 'as expected' : 'not checked', key: own, city: payload.city, assessment: payload.assessmentId, questionnaire: payload.questionnaire.id, submittedAt: payload.submittedAt, score: payload.score.overall, level: payload.score.level, answers: payload.answers.length }));
