import Provider, { interactionPolicy } from 'oidc-provider';
import { claimNames, mapClaims, scopeText } from './claims.mjs';
import { addDirectAccessGrant } from './direct-access-grant.mjs';
import { RESOURCE, grantEverything, resourceServer } from './grants.mjs';
import { addLogin } from './login.mjs';
import { logoutPage, renderError, signedOutPage } from './logout.mjs';
import { addTokenEndpoints } from './token-endpoints.mjs';

const ENDPOINTS = '/protocol/openid-connect';

/** An OpenID Provider that answers as Keycloak does for this realm. */
export function createProvider(realm, issuer, keys) {
  const path = new URL(issuer).pathname;
  const port = new URL(issuer).port;
  const { file } = realm;
  const provider = new Provider(issuer, {
    clients: [...realm.clients.values()].map(toClient),
    jwks: keys.jwks,
    cookies: {
      keys: keys.cookies,
      // Cookies know no port: several stacks on one machine must not sign each other out.
      names: { session: `city_${port}_session`, interaction: `city_${port}_login`, resume: `city_${port}_resume` },
    },
    routes: {
      authorization: `${ENDPOINTS}/auth`,
      token: `${ENDPOINTS}/token`,
      jwks: `${ENDPOINTS}/certs`,
      revocation: `${ENDPOINTS}/revoke`,
      end_session: `${ENDPOINTS}/logout`,
    },
    discovery: {
      userinfo_endpoint: `${issuer}${ENDPOINTS}/userinfo`,
      introspection_endpoint: `${issuer}${ENDPOINTS}/token/introspect`,
    },
    scopes: ['openid', ...realm.scopes.keys()],
    claims: { openid: ['sub', ...claimNames(realm)] },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    pkce: { required: (_, client) => realm.clients.get(client.clientId).attributes?.['pkce.code.challenge.method'] === 'S256' },
    rotateRefreshToken: file.revokeRefreshToken === true,
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    clientBasedCORS: (_, origin, client) => realm.clients.get(client.clientId).webOrigins?.includes(origin) ?? false,
    interactions: {
      policy: policyWithoutConsent(),
      url: (_, interaction) => `${path}/login-actions/authenticate/${interaction.uid}`,
    },
    loadExistingGrant: (ctx) => grantEverything(ctx, ctx.oidc.session.accountId, realm),
    findAccount: (ctx, id) => findAccount(realm, ctx, id),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: signedOutPage },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => resourceServer(realm),
      },
    },
    formats: { customizers: { jwt: (ctx, token, jwt) => shapeAccessToken(realm, ctx, token, jwt) } },
    ttl: {
      AccessToken: file.accessTokenLifespan,
      AuthorizationCode: file.accessCodeLifespan,
      Grant: file.ssoSessionMaxLifespan,
      IdToken: file.accessTokenLifespan,
      Interaction: file.accessCodeLifespanLogin,
      RefreshToken: file.ssoSessionIdleTimeout,
      Session: file.ssoSessionMaxLifespan,
    },
    renderError,
  });
  // The server in front of it says which address it was called by, never the caller.
  provider.proxy = true;
  addLogin(provider, realm);
  addTokenEndpoints(provider, realm, keys, ENDPOINTS);
  addDirectAccessGrant(provider, realm);
  provider.on('server_error', (_, error) => console.error(error));
  return provider;
}

function policyWithoutConsent() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

function findAccount(realm, ctx, id) {
  const user = realm.userById(id);
  if (!user) return undefined;
  const claims = (_, scope) => ({
    ...mapClaims(realm, { user, client: realm.clients.get(ctx.oidc.client.clientId), requested: new Set(scope.split(' ')), use: 'id' }),
    sub: user.id,
  });
  return { accountId: user.id, claims };
}

function shapeAccessToken(realm, ctx, token, jwt) {
  const client = realm.clients.get(token.clientId);
  const isService = token.kind === 'ClientCredentials';
  const user = isService ? realm.serviceAccountOf(client.clientId) : realm.userById(token.accountId);
  const requested = new Set(token.scope?.split(' '));
  const signedInAt = (ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken)?.authTime;
  const notes = { AUTH_TIME: signedInAt, client_id: isService ? client.clientId : undefined };
  const { exp, iat, jti, iss } = jwt.payload;
  jwt.header = { typ: 'JWT' };
  jwt.payload = {
    exp, iat, jti, iss,
    typ: 'Bearer',
    azp: client.clientId,
    sid: token.sessionUid,
    ...mapClaims(realm, { user, client, requested, use: 'access', notes }),
    scope: scopeText(realm, client, requested),
  };
}

function toClient(client) {
  const grants = [];
  if (client.standardFlowEnabled) grants.push('authorization_code');
  if (client.directAccessGrantsEnabled) grants.push('password');
  if (grants.length > 0) grants.push('refresh_token');
  if (client.serviceAccountsEnabled) grants.push('client_credentials');
  return {
    client_id: client.clientId,
    client_secret: client.publicClient ? undefined : client.secret,
    token_endpoint_auth_method: client.publicClient ? 'none' : 'client_secret_basic',
    grant_types: grants,
    response_types: client.standardFlowEnabled ? ['code'] : [],
    redirect_uris: client.standardFlowEnabled ? client.redirectUris : [],
    post_logout_redirect_uris: client.attributes?.['post.logout.redirect.uris']?.split('##') ?? [],
    require_auth_time: client.standardFlowEnabled,
  };
}
