import { createLocalJWKSet, jwtVerify } from 'jose';
import { mapClaims } from './claims.mjs';
import { readForm } from './forms.mjs';
import { sameSecret } from './passwords.mjs';

/** User info and introspection for JWT access tokens: the library answers both only for opaque ones, Keycloak for its own. */
export function addTokenEndpoints(provider, realm, keys, prefix) {
  const publicKeys = createLocalJWKSet({ keys: keys.jwks.keys.map(({ kty, n, e, kid, alg, use }) => ({ kty, n, e, kid, alg, use })) });
  const verify = async (token) => {
    const { payload } = await jwtVerify(token, publicKeys, { issuer: provider.issuer, algorithms: ['RS256'] });
    if (payload.typ !== 'Bearer') throw new Error('not an access token');
    if (payload.sid && !await provider.Session.findByUid(payload.sid)) throw new Error('session has ended');
    return payload;
  };

  provider.use(async (ctx, next) => {
    if (ctx.path === `${prefix}/userinfo` && ['GET', 'POST'].includes(ctx.method)) return userInfo(ctx, realm, verify);
    if (ctx.path === `${prefix}/token/introspect` && ctx.method === 'POST') return introspect(ctx, provider, realm, verify);
    return next();
  });
}

async function userInfo(ctx, realm, verify) {
  noStore(ctx);
  const [scheme, token] = ctx.get('authorization').split(' ');
  const payload = scheme.toLowerCase() === 'bearer' && token ? await verify(token).catch(() => undefined) : undefined;
  if (!payload) return refuse(ctx, 401, 'invalid_token', 'Token verification failed');
  const requested = new Set(payload.scope.split(' '));
  if (!requested.has('openid')) return refuse(ctx, 403, 'insufficient_scope', 'Missing openid scope');
  const user = realm.userById(payload.sub);
  ctx.body = { ...mapClaims(realm, { user, client: realm.clients.get(payload.azp), requested, use: 'userinfo' }), sub: user.id };
}

async function introspect(ctx, provider, realm, verify) {
  noStore(ctx);
  const form = await readForm(ctx);
  if (!isConfidentialClient(ctx, form, realm)) return refuse(ctx, 401, 'invalid_client', 'Authentication failed', 'Basic');
  const token = form.get('token') ?? '';
  const payload = await verify(token).catch(() => undefined);
  if (payload) {
    ctx.body = { ...payload, client_id: payload.azp, username: payload.preferred_username, token_type: 'Bearer', active: true };
    return;
  }
  const refresh = await provider.RefreshToken.find(token);
  ctx.body = refresh?.isValid
    ? { active: true, typ: 'Refresh', client_id: refresh.clientId, sub: refresh.accountId, scope: refresh.scope, iat: refresh.iat, exp: refresh.exp, iss: provider.issuer }
    : { active: false };
}

function isConfidentialClient(ctx, form, realm) {
  let [id, secret] = [form.get('client_id'), form.get('client_secret')];
  const [scheme, credentials] = ctx.get('authorization').split(' ');
  if (scheme.toLowerCase() === 'basic' && credentials) {
    const text = Buffer.from(credentials, 'base64').toString();
    [id, secret] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)].map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  }
  const client = realm.clients.get(id);
  return client !== undefined && !client.publicClient && sameSecret(secret ?? '', client.secret);
}

function refuse(ctx, status, error, description, scheme = 'Bearer') {
  ctx.status = status;
  ctx.set('www-authenticate', `${scheme} realm="living-city", error="${error}", error_description="${description}"`);
  ctx.body = { error, error_description: description };
}

function noStore(ctx) {
  ctx.set('cache-control', 'no-store');
}
