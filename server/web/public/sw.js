// The phone's worker: the program from its store, so that it opens without a line; the ledger's answers never.
const store = 'bihuan-program-1'

const keep = async (paths) => {
  const cache = await caches.open(store)
  await Promise.all(
    paths.map(async (path) => {
      if (!(path.startsWith('/assets/') && (await cache.match(path)))) await cache.add(path)
    }),
  )
  const wanted = new Set(paths)
  for (const { url } of await cache.keys()) if (!wanted.has(new URL(url).pathname)) await cache.delete(url)
}

const fromLine = async (request) => {
  const response = await fetch(request)
  if (response.ok) await (await caches.open(store)).put(request, response.clone())
  return response
}

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  event.waitUntil(keep(event.data.keep).then(() => event.source.postMessage('kept')))
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  // A file of assets/ has its hash in its name; the page itself is asked for first, and taken from here without a line.
  if (pathname.startsWith('/assets/'))
    event.respondWith(caches.match(request).then((known) => known ?? fromLine(request)))
  else if (pathname === '/' || pathname === '/icon.svg' || pathname === '/manifest.json')
    event.respondWith(fromLine(request).catch(() => caches.match(request)))
})
