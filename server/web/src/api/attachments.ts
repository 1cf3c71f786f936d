// Files that events name by their SHA-256, kept by the server beside the log.
import { headers, send } from './http'

export interface KeptFile {
  sha256: string
  type: string
  bytes: number
}

/** What the server takes; it tells the kind from the bytes. */
export const takenFiles = 'image/png,image/jpeg,image/webp,application/pdf,.docx,.xlsx'

/** Sends a file; the same one again is no other. Rejects with the server's Problem (too large, of another kind). */
export async function keepFile(file: Blob): Promise<KeptFile> {
  const response = await send('/v1/attachments', {
    method: 'POST',
    headers: headers({ 'content-type': 'application/octet-stream' }),
    body: file,
  })
  return (await response.json()) as KeptFile
}

/** A file that an event of `stream` names. */
export async function fetchFile(sha256: string, stream: string): Promise<{ name: string; file: Blob }> {
  const response = await send(`/v1/attachments/${sha256}?stream=${encodeURIComponent(stream)}`, {
    headers: headers(),
  })
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? sha256
  return { name, file: await response.blob() }
}

/** The files that an event names. */
export const filesOf = (data: Record<string, unknown>): string[] =>
  [data.attachments, data.evidence].flatMap((list) => (Array.isArray(list) ? (list as string[]) : []))
