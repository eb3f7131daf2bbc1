import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isKnownMapper } from './claims.mjs';

/** Reads a Keycloak realm export, fills its placeholders from the environment and refuses what this provider could not serve as Keycloak does. */
export async function loadRealm(file, environment) {
  const realm = fillPlaceholders(JSON.parse(await readFile(file, 'utf8')), environment);
  const withoutSecret = realm.clients.filter((client) => !client.publicClient && isUnfilled(client.secret));
  // Nobody knows these secrets, so nobody can sign in with the placeholder's own text.
  for (const client of withoutSecret) client.secret = randomBytes(32).toString('base64url');
  for (const user of realm.users) {
    user.credentials = (user.credentials ?? []).filter((credential) => !isUnfilled(credential.value));
  }
  const problems = [...unsupported(realm)];
  if (problems.length > 0) throw new Error(`${file} asks for what this provider does not serve:\n  ${problems.join('\n  ')}`);
  return { realm: new Realm(realm), withoutSecret: withoutSecret.map((client) => client.clientId) };
}

class Realm {
  constructor(file) {
    this.file = file;
    this.name = file.realm;
    this.clients = new Map(file.clients.filter((client) => client.enabled !== false).map((client) => [client.clientId, client]));
    this.scopes = new Map(file.clientScopes.map((scope) => [scope.name, scope]));
    this.users = file.users.filter((user) => user.enabled !== false);
    this.roles = new Map(file.roles.realm.map((role) => [role.name, role]));
  }

  userById(id) {
    return this.users.find((user) => user.id === id);
  }

  serviceAccountOf(clientId) {
    return this.users.find((user) => user.serviceAccountClientId === clientId);
  }

  /** By user name or, as the realm allows it, by e-mail address. */
  userByLogin(login) {
    const wanted = login.trim().toLowerCase();
    return this.people().find((user) => user.username.toLowerCase() === wanted
      || (this.file.loginWithEmailAllowed && user.email?.toLowerCase() === wanted));
  }

  people() {
    return this.users.filter((user) => !user.serviceAccountClientId);
  }

  /** The user's roles with those that a composite role brings along. */
  rolesOf(user) {
    const realm = new Set();
    const clients = new Map();
    const addClientRoles = (roles) => Object.entries(roles ?? {}).forEach(([clientId, names]) => {
      clients.set(clientId, new Set([...clients.get(clientId) ?? [], ...names]));
    });
    const add = (name) => {
      if (realm.has(name)) return;
      realm.add(name);
      const { composites } = this.roles.get(name) ?? {};
      composites?.realm?.forEach(add);
      addClientRoles(composites?.client);
    };
    (user.realmRoles ?? []).forEach(add);
    addClientRoles(user.clientRoles);
    return { realm: [...realm], clients };
  }
}

/** `${NAME}` and `${NAME:default}`, as Keycloak's import replaces them; what has neither value nor default stays as it is. */
function fillPlaceholders(value, environment) {
  if (typeof value === 'string') {
    return value.replace(/\$\{([^}:]+)(?::([^}]*))?\}/g, (text, name, fallback) => environment[name] ?? fallback ?? text);
  }
  if (Array.isArray(value)) return value.map((item) => fillPlaceholders(item, environment));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillPlaceholders(item, environment)]));
  }
  return value;
}

function isUnfilled(value) {
  return !value || value.includes('${');
}

function* unsupported(realm) {
  for (const { name, protocolMappers } of [...realm.clientScopes, ...realm.clients.map((client) => ({ ...client, name: client.clientId }))]) {
    for (const mapper of protocolMappers ?? []) {
      if (!isKnownMapper(mapper)) yield `${name}: mapper ${mapper.protocolMapper}`;
    }
  }
  for (const client of realm.clients) {
    if (client.implicitFlowEnabled) yield `${client.clientId}: implicit flow`;
    if (client.fullScopeAllowed === false) yield `${client.clientId}: limited role scope`;
    if (client.redirectUris?.some((uri) => uri.includes('*'))) yield `${client.clientId}: redirect address with a wildcard`;
    for (const scope of [...client.defaultClientScopes ?? [], ...client.optionalClientScopes ?? []]) {
      if (!realm.clientScopes.some(({ name }) => name === scope)) yield `${client.clientId}: unknown client scope ${scope}`;
    }
  }
  for (const user of realm.users) {
    if (user.groups?.length) yield `${user.username}: groups`;
  }
}
