import { createServer } from 'node:http';
import { loadKeys } from './keys.mjs';
import { createProvider } from './provider.mjs';
import { loadRealm } from './realm.mjs';
import { readSettings } from './settings.mjs';

try {
  await start(readSettings(process.argv.slice(2)));
} catch (error) {
  console.error(`identity: ${error.message}`);
  process.exit(2);
}

async function start(settings) {
  const { realm, withoutSecret } = await loadRealm(settings.realmFile, process.env);
  const keys = await loadKeys(settings.stateFolder);
  const server = createServer();
  await listen(server, settings);
  const { port } = server.address();
  const address = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  const issuer = settings.issuer ?? `${address}/realms/${realm.name}`;
  const answer = createProvider(realm, issuer, keys).callback();
  server.on('request', (request, response) => handle(request, response, { answer, issuer: new URL(issuer), port }));

  const stop = () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (settings.watchStdin) process.stdin.on('close', stop).on('end', stop).resume();
  if (withoutSecret.length > 0) console.error(`identity: no secret given, so these clients cannot sign in: ${withoutSecret.join(', ')}`);
  console.log(`identity: ready at ${issuer}`);
}

function listen(server, { host, port }) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function handle(request, response, { answer, issuer, port }) {
  const path = new URL(request.url, 'http://localhost').pathname;
  if (path === '/health/ready' || path === '/health/live' || path === '/health/started') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"UP"}');
    return;
  }
  // A page of another site could otherwise reach this provider under a name of its own (DNS rebinding).
  const known = [issuer.host, `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  if (!known.includes(request.headers.host) || !`${path}/`.startsWith(`${issuer.pathname}/`)) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    return;
  }
  // Addresses in answers are the issuer's, whatever name the caller used.
  request.headers.host = issuer.host;
  request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  delete request.headers['x-forwarded-host'];
  delete request.headers['x-forwarded-for'];
  request.originalUrl = request.url;
  request.url = request.url.slice(issuer.pathname.length) || '/';
  answer(request, response);
}
