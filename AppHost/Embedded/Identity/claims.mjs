// Keycloak's protocol mappers, as far as the realm file uses them: each gives pairs of claim path and value.
const MAPPERS = {
  'oidc-sub-mapper': ({ user }) => [['sub', user.id]],
  'oidc-full-name-mapper': ({ user }) => [['name', [user.firstName, user.lastName].filter(Boolean).join(' ') || undefined]],
  'oidc-usermodel-attribute-mapper': ({ user, config }) => [[config['claim.name'], attribute(user, config)]],
  'oidc-usermodel-property-mapper': ({ user, config }) => [[config['claim.name'], user[config['user.attribute']]]],
  'oidc-usermodel-realm-role-mapper': ({ roles, config }) => [[config['claim.name'], roles.realm.length ? roles.realm : undefined]],
  'oidc-usermodel-client-role-mapper': ({ roles, config }) => [...roles.clients].map(([clientId, names]) => (
    [config['claim.name'].replace('${client_id}', clientId.replaceAll('.', '\\.')), [...names]])),
  'oidc-audience-mapper': ({ config }) => [['aud', [config['included.custom.audience'] ?? config['included.client.audience']]]],
  'oidc-audience-resolve-mapper': ({ roles, client }) => [['aud', [...roles.clients.keys()].filter((id) => id !== client.clientId)]],
  'oidc-allowed-origins-mapper': ({ client }) => [['allowed-origins', client.webOrigins?.length ? client.webOrigins : undefined]],
  'oidc-acr-mapper': () => [['acr', '1']],
  'oidc-hardcoded-claim-mapper': ({ config }) => [[config['claim.name'], config['claim.value']]],
  'oidc-usersessionmodel-note-mapper': ({ notes, config }) => [[config['claim.name'], notes[config['user.session.note']]]],
};

const SWITCHES = { access: 'access.token.claim', id: 'id.token.claim', userinfo: 'userinfo.token.claim', introspection: 'introspection.token.claim' };

export function isKnownMapper(mapper) {
  return mapper.protocolMapper in MAPPERS;
}

/** The client scopes in force: the client's defaults, and those of its optional ones that were asked for. */
export function effectiveScopes(realm, client, requested) {
  const optional = (client.optionalClientScopes ?? []).filter((name) => requested.has(name));
  return [...client.defaultClientScopes ?? [], ...optional].map((name) => realm.scopes.get(name));
}

/** The value of the `scope` member in Keycloak's access tokens and token responses. */
export function scopeText(realm, client, requested) {
  const shown = effectiveScopes(realm, client, requested).filter((scope) => scope.attributes?.['include.in.token.scope'] !== 'false');
  return [...requested.has('openid') ? ['openid'] : [], ...shown.map((scope) => scope.name)].join(' ');
}

/** All claims of a user towards a client. `use` is access, id, userinfo or introspection; `notes` is what the session knows. */
export function mapClaims(realm, { user, client, requested, use, notes = {} }) {
  const claims = {};
  const roles = realm.rolesOf(user);
  const mappers = [...effectiveScopes(realm, client, requested).flatMap((scope) => scope.protocolMappers ?? []), ...client.protocolMappers ?? []];
  for (const mapper of mappers.filter(({ config }) => config[SWITCHES[use]] === 'true')) {
    for (const [path, value] of MAPPERS[mapper.protocolMapper]({ user, client, roles, notes, config: mapper.config })) {
      if (value !== undefined) assign(claims, path, value);
    }
  }
  if (claims.aud) claims.aud = [...new Set(claims.aud)];
  if (claims.aud?.length < 2) [claims.aud] = claims.aud;
  return claims;
}

/** Names of the claims that some mapper may put into an ID token. */
export function claimNames(realm) {
  const mappers = [...realm.scopes.values(), ...realm.clients.values()].flatMap(({ protocolMappers }) => protocolMappers ?? []);
  const named = mappers.map(({ config }) => config['claim.name']?.split('.')[0]).filter(Boolean);
  return [...new Set(['name', ...named])];
}

function attribute(user, config) {
  const name = config['user.attribute'];
  const values = user.attributes?.[name];
  if (values?.length) return config.multivalued === 'true' ? values : values[0];
  return user[name];
}

function assign(claims, path, value) {
  const steps = path.split(/(?<!\\)\./).map((step) => step.replaceAll('\\.', '.'));
  const last = steps.pop();
  let target = claims;
  for (const step of steps) target = target[step] ??= {};
  target[last] = Array.isArray(target[last]) && Array.isArray(value) ? [...target[last], ...value] : value;
}
