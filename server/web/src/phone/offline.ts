// Keeps the phone's program for when there is no line. What a page asks the ledger for is never kept: an answer without
// the ledger would be a guess.

/**
 * A server that offers the worker and the manifest allows manifests in its policy (or has none); asking it for
 * files that it lacks would only fill its journal.
 */
async function isOffered(): Promise<boolean> {
  const policy = (await fetch('/', { method: 'HEAD' })).headers.get('content-security-policy')
  return policy === null || policy.includes('manifest-src')
}

export async function keepForOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    if (!navigator.serviceWorker.controller && !(await isOffered())) return
    const manifest = document.createElement('link')
    manifest.rel = 'manifest'
    manifest.href = '/manifest.json'
    document.head.append(manifest)
    await navigator.serviceWorker.register('/sw.js')
    const { active } = await navigator.serviceWorker.ready
    // What was loaded before there was a worker, and the pages that this visit did not open.
    await Promise.all([import('./NewAppeal.vue'), import('./Track.vue'), import('./SignIn.vue')])
    const loaded = performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)
    active!.postMessage({
      keep: ['/', '/icon.svg', '/manifest.json', ...loaded.filter((path) => path.startsWith('/assets/'))],
    })
  } catch {
    // Without a worker everything works but opening the page without a line.
  }
}
