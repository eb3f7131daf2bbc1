import { generateKeyPair, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The signing key and the cookie secret. Made fresh at every start; with a state folder they are kept there, so that tokens
 * stay valid when the provider is restarted after a crash.
 */
export async function loadKeys(folder) {
  if (!folder) return makeKeys();
  const file = join(folder, 'keys.json');
  const kept = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept) return JSON.parse(kept);
  const keys = await makeKeys();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Written beside and renamed: a crash in between leaves no half a key.
  await writeFile(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
}

async function makeKeys() {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomBytes(16).toString('base64url'), use: 'sig', alg: 'RS256' }] },
    cookies: [randomBytes(32).toString('base64url')],
  };
}
