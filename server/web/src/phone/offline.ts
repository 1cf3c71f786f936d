// Keeps the phone's program for when there is no line. What a page asks the ledger for is never kept: an answer without
// the ledger would be a guess.

export async function keepForOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    const manifest = document.createElement('link')
    manifest.rel = 'manifest'
    manifest.href = '/manifest.json'
    document.head.append(manifest)
    await navigator.serviceWorker.register('/sw.js')
    const { active } = await navigator.serviceWorker.ready
    // What was loaded before there was a worker, and the pages that this visit did not open.
    await Promise.all([import('./NewAppeal.vue'), import('./Track.vue'), import('./SignIn.vue')])
    // Whoever waits for it (a test, before it takes the line away) reads it from the page.
    navigator.serviceWorker.addEventListener('message', () => (document.documentElement.dataset.kept = ''))
    navigator.serviceWorker.startMessages()
    const loaded = performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)
    active!.postMessage({
      keep: ['/', '/icon.svg', '/manifest.json', ...loaded.filter((path) => path.startsWith('/assets/'))],
    })
  } catch {
    // Without a worker everything works but opening the page without a line.
  }
}
