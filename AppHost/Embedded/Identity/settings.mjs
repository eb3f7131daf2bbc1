import { parseArgs } from 'node:util';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
export const USAGE = 'usage: node server.mjs --realm FILE --port N [--host 127.0.0.1] [--issuer URL] [--state DIR] [--watch-stdin]';

/** What the command line asks for; throws with one readable sentence when it cannot be served. */
export function readSettings(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      realm: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      issuer: { type: 'string' },
      state: { type: 'string' },
      'watch-stdin': { type: 'boolean', default: false },
    },
  });
  if (!values.realm) throw new Error(`--realm is missing\n${USAGE}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port} is not a port number`);
  if (!LOOPBACK.has(values.host)) {
    throw new Error(`--host ${values.host} refused: this provider is for development and listens on loopback only`);
  }
  if (values.issuer !== undefined && !/^https?:$/.test(URL.parse(values.issuer)?.protocol ?? '')) {
    throw new Error(`--issuer ${values.issuer} is not an http or https address`);
  }
  return { realmFile: values.realm, port, host: values.host, issuer: values.issuer, stateFolder: values.state, watchStdin: values['watch-stdin'] };
}
