// The header of a record: the bytes that are the leaf of the tree (docs/FORMAT.md, "Record").
import { toHex, type Bytes } from './bytes'

export interface RecordHeader {
  flags: number
  type: number
  schema: number
  seq: number
  /** Microseconds since 1970-01-01T00:00:00Z. */
  recordedAt: bigint
  occurredAt: bigint
  version: number
  payloadLength: number
  payloadSha256: string
  stream: string
  actor: string
  role: string
  department: string
  id: string
}

const fixedBytes = 72

/** The header in `bytes`; throws SyntaxError unless every byte of it is as the format says. */
export function readHeader(bytes: Bytes): RecordHeader {
  if (bytes.length < fixedBytes || bytes[0] !== 1) throw new SyntaxError('not a record header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint16(6, true) !== 0) throw new SyntaxError('a reserved byte is not 0')
  let at = fixedBytes
  const text = (): string => {
    const length = bytes[at]
    if (length === undefined || at + 1 + length > bytes.length) throw new SyntaxError('a text cut off')
    const part = bytes.subarray(at + 1, at + 1 + length)
    at += 1 + length
    return new TextDecoder('utf-8', { fatal: true }).decode(part)
  }
  const [kind, no, actor, role, department, id] = [text(), text(), text(), text(), text(), text()]
  if (at !== bytes.length) throw new SyntaxError('bytes after the last text')
  return {
    flags: bytes[1]!,
    type: view.getUint16(2, true),
    schema: view.getUint16(4, true),
    seq: Number(view.getBigUint64(8, true)),
    recordedAt: view.getBigInt64(16, true),
    occurredAt: view.getBigInt64(24, true),
    version: view.getUint32(32, true),
    payloadLength: view.getUint32(36, true),
    payloadSha256: toHex(bytes.slice(40, 72)),
    stream: `${kind}/${no}`,
    actor: actor!,
    role: role!,
    department: department!,
    id: id!,
  }
}

/** Microseconds as "2021-09-18 16:06:21.000000", in Shanghai. */
export function timeText(micros: bigint): string {
  const shifted = micros + 8n * 3_600_000_000n
  const day = new Date(Number(shifted / 1_000_000n) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  return `${day}.${String(shifted % 1_000_000n).padStart(6, '0')}`
}
