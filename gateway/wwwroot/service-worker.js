// Keeps one page for the time without a connection, in the visitor's language and theme. Its files are those of every page, which the browser has cached for good.
// All else goes to the network as if nothing were here.
const store = 'offline';
const page = '/offline';

async function keep() {
  const cache = await caches.open(store);
  await cache.add(new Request(page, { cache: 'no-store' }));
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode !== 'navigate') {
    return;
  }
  const answer = fetch(request);
  event.respondWith(answer.catch(async () => (await caches.match(page)) ?? Response.error()));
  if (request.method === 'POST' && new URL(request.url).pathname.startsWith('/preferences/')) {
    event.waitUntil(answer.then(keep, () => undefined));
  }
});
