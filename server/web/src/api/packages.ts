// Inspection packages: what an inspector takes along and checks without us (bihuan-verify).
import { headers, send } from './http'

export interface PackageQuestion {
  report?: string
  stream?: string
  range?: string
  week?: string
  from?: string
  to?: string
  as_of?: string
  seq?: number
  by?: string[]
}

/** Draws a package; the server records who was given it before the first byte. `progress` is told the bytes so far. */
export async function drawPackage(
  asked: PackageQuestion,
  progress: (bytes: number) => void,
): Promise<{ name: string; file: Blob }> {
  const response = await send('/v1/packages', {
    method: 'POST',
    headers: headers({ 'content-type': 'application/json' }),
    body: JSON.stringify(asked),
  })
  const name =
    /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'package.zip'
  const pieces: Uint8Array[] = []
  let bytes = 0
  const reader = response.body!.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(value)
    bytes += value.length
    progress(bytes)
  }
  return { name, file: new Blob(pieces as BlobPart[], { type: 'application/zip' }) }
}
