import { errors } from 'oidc-provider';
import { scopeText } from './claims.mjs';
import { RESOURCE, grantEverything, resourceServer } from './grants.mjs';
import { signIn } from './passwords.mjs';

const GRANT = 'password';

/**
 * Keycloak's direct access grant: a token for a name and a password. OAuth 2.1 has dropped it for good reason; here it lets scripts and
 * tests act as a demonstration user, and only for clients with `directAccessGrantsEnabled`.
 */
export function addDirectAccessGrant(provider, realm) {
  provider.registerGrantType(GRANT, async (ctx) => {
    const { client, params } = ctx.oidc;
    const user = signIn(realm, params.username, params.password);
    if (!user) throw new errors.InvalidGrant('Invalid user credentials');
    const asked = (params.scope ?? '').split(' ').filter((name) => realm.scopes.has(name));
    const scope = ['openid', ...asked].join(' ');
    const { jti: grantId } = await grantEverything(ctx, user.id, realm);
    const source = { accountId: user.id, client, grantId, gty: GRANT, scope };
    const accessToken = new provider.AccessToken(source);
    accessToken.resourceServer = new provider.ResourceServer(RESOURCE, resourceServer(realm));
    const refreshToken = new provider.RefreshToken({ ...source, resource: RESOURCE, rotations: 0 });
    ctx.body = {
      access_token: await accessToken.save(),
      expires_in: accessToken.expiration,
      refresh_token: await refreshToken.save(),
      token_type: 'Bearer',
      scope: scopeText(realm, realm.clients.get(client.clientId), new Set(scope.split(' '))),
    };
  }, ['username', 'password', 'scope']);
}
