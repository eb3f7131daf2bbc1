// Keeps one page for the time without a connection, in the visitor's language and theme. Its files are those of every page, which the browser has cached for good.
// A scanner's page (check-in) is kept as it was last seen, with its script and styles, since doors are where connections are not. All else goes to the network as if nothing were here.
const store = 'offline';
const page = '/offline';
const doors = 'check-in';

async function keep() {
  const cache = await caches.open(store);
  await cache.add(new Request(page, { cache: 'no-store' }));
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// The scanner's page and what it loads: from the network while there is one, and kept for the time without.
async function keepDoor(request) {
  const cache = await caches.open(doors);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      await cache.put(request, answer.clone());
    }
    return answer;
  } catch {
    return (await cache.match(request)) ?? (await caches.match(page)) ?? Response.error();
  }
}

function isDoor(address) {
  return address.origin === self.location.origin && /^\/check-in\/[^/]+$/.test(address.pathname);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && (isDoor(new URL(request.url)) || (request.mode !== 'navigate' && request.referrer && isDoor(new URL(request.referrer)) && /^\/(portal|css)\//.test(new URL(request.url).pathname)))) {
    event.respondWith(keepDoor(request));
    return;
  }
  if (request.mode !== 'navigate') {
    return;
  }
  const answer = fetch(request);
  event.respondWith(answer.catch(async () => (await caches.match(page)) ?? Response.error()));
  if (request.method === 'POST' && new URL(request.url).pathname.startsWith('/preferences/')) {
    event.waitUntil(answer.then(keep, () => undefined));
  }
});
