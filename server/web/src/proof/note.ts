// Signed notes (C2SP signed-note) and checkpoints (tlog-checkpoint).
import { fromBase64, isEqual, joined, toHex, type Bytes } from './bytes'
import { sha256 } from './merkle'

export interface Signature {
  name: string
  id: string
  bytes: Bytes
}

export interface Note {
  /** What is signed: with its last line feed, without the empty line. */
  text: string
  signatures: Signature[]
}

export interface Verifier {
  name: string
  id: string
  key: Bytes
}

export interface Checkpoint {
  origin: string
  size: number
  root: Bytes
}

const ed25519 = 0x01
const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

/** A note as it is written; throws SyntaxError if it is none. */
export function readNote(note: string): Note {
  const cut = note.lastIndexOf('\n\n')
  if (cut < 0 || !note.endsWith('\n')) throw new SyntaxError('not a signed note')
  const lines = note
    .slice(cut + 2)
    .split('\n')
    .slice(0, -1)
  const signatures = lines.map((line) => {
    const found = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line)
    if (!found) throw new SyntaxError('not a signature line')
    const bytes = fromBase64(found[2]!)
    if (bytes.length < 5) throw new SyntaxError('a signature too short')
    return { name: found[1]!, id: toHex(bytes.slice(0, 4)), bytes: bytes.slice(4) }
  })
  if (signatures.length === 0) throw new SyntaxError('a note without a signature')
  return { text: note.slice(0, cut + 1), signatures }
}

/** A verifier key `name+id+base64(type || key)`; throws SyntaxError if it is none, or its id is not its own. */
export async function readVerifier(vkey: string): Promise<Verifier> {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey.trim())
  if (!found) throw new SyntaxError('not a verifier key')
  const material = fromBase64(found[3]!)
  if (material[0] !== ed25519 || material.length !== 33) throw new SyntaxError('not an Ed25519 key')
  const own = await sha256(joined(utf8(`${found[1]}\n`), material))
  if (toHex(own.slice(0, 4)) !== found[2]) throw new SyntaxError('the key does not have this id')
  return { name: found[1]!, id: found[2]!, key: material.slice(1) }
}

/** Whether this browser can check Ed25519 signatures. */
export async function hasEd25519(): Promise<boolean> {
  const probe = new Uint8Array(32).fill(1)
  return crypto.subtle.importKey('raw', probe, 'Ed25519', false, ['verify']).then(
    () => true,
    () => false,
  )
}

/** Whether the note is signed by this key: one signature of it at least, and none of it wrong. */
export async function isSigned(note: Note, verifier: Verifier): Promise<boolean> {
  const own = note.signatures.filter(({ name, id }) => name === verifier.name && id === verifier.id)
  if (own.length === 0) return false
  const key = await crypto.subtle.importKey('raw', verifier.key, 'Ed25519', false, ['verify'])
  const text = utf8(note.text)
  const right = await Promise.all(own.map(({ bytes }) => crypto.subtle.verify('Ed25519', key, bytes, text)))
  return right.every(Boolean)
}

/** The checkpoint that a note's text states; throws SyntaxError if it is none. */
export function readCheckpoint(text: string): Checkpoint {
  const [origin, size, root] = text.split('\n')
  if (!origin || !/^(0|[1-9]\d*)$/.test(size ?? '') || !root) throw new SyntaxError('not a checkpoint')
  const hash = fromBase64(root)
  if (hash.length !== 32 || !Number.isSafeInteger(Number(size))) throw new SyntaxError('not a checkpoint')
  return { origin, size: Number(size), root: hash }
}

/** Whether two checkpoints say the same. */
export function isSame(a: Checkpoint, b: Checkpoint): boolean {
  return a.origin === b.origin && a.size === b.size && isEqual(a.root, b.root)
}
