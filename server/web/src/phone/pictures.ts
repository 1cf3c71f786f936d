// Pictures of letters that are not in the ledger yet: the files stay on this phone, by their SHA-256, until the server has
// them. Nothing is lost with the line; a browser that keeps no files sends fingerprints alone.
import { keepFile } from '../api/attachments'

const table = 'pictures'

function database(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open('bihuan-phone', 1)
    asked.onupgradeneeded = () => void asked.result.createObjectStore(table)
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => failed(asked.error ?? new Error('IndexedDB'))
  })
}

async function inTable<T>(
  mode: IDBTransactionMode,
  act: (files: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opened = await database()
  try {
    return await new Promise<T>((done, failed) => {
      const request = act(opened.transaction(table, mode).objectStore(table))
      request.onsuccess = () => done(request.result)
      request.onerror = () => failed(request.error ?? new Error('IndexedDB'))
    })
  } finally {
    opened.close()
  }
}

/** Keeps a file on this phone. */
export async function keepHere(sha256: string, file: Blob): Promise<void> {
  await inTable('readwrite', (files) => files.put(file, sha256)).catch(() => undefined)
}

export async function forget(sha256: string): Promise<void> {
  await inTable('readwrite', (files) => files.delete(sha256)).catch(() => undefined)
}

/** Sends those of these pictures that are still here; the server has the others. */
export async function sendPictures(all: { sha256: string }[]): Promise<void> {
  for (const { sha256 } of all) {
    const file = await inTable<Blob | undefined>('readonly', (files) => files.get(sha256)).catch(
      () => undefined,
    )
    if (file) await keepFile(file)
  }
}
