import { createHash, timingSafeEqual } from 'node:crypto';

/** The user whose name and password these are, or undefined; takes as long for an unknown name as for a wrong password. */
export function signIn(realm, login, password) {
  const user = realm.userByLogin(login ?? '');
  const expected = user?.credentials.find((credential) => credential.type === 'password')?.value;
  const matches = sameSecret(password ?? '', expected ?? '');
  return matches && expected ? user : undefined;
}

export function sameSecret(given, expected) {
  const digest = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
