// Every access token is meant for the platform's APIs; the library wants the name of a resource as a URI.
export const RESOURCE = 'urn:living-city';

export function resourceServer(realm) {
  return {
    scope: allScopes(realm),
    audience: RESOURCE,
    accessTokenFormat: 'jwt',
    accessTokenTTL: realm.file.accessTokenLifespan,
    jwt: { sign: { alg: 'RS256' } },
  };
}

/** A grant for all that the realm knows: what a client may see is decided by its client scopes, as in Keycloak without consent. */
export async function grantEverything(ctx, accountId, realm) {
  const { provider, client, session } = ctx.oidc;
  const known = session?.grantIdFor(client.clientId);
  const grant = (known && await provider.Grant.find(known)) || new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope(allScopes(realm));
  grant.addResourceScope(RESOURCE, allScopes(realm));
  await grant.save();
  return grant;
}

function allScopes(realm) {
  return ['openid', ...realm.scopes.keys()].join(' ');
}
