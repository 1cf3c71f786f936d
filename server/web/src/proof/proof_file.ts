// Proof files: C2SP tlog-proof for inclusion, and the consistency proof of docs/FORMAT.md.
import { fromBase64, type Bytes } from './bytes'
import { readCheckpoint, readNote, type Checkpoint, type Note } from './note'

export interface ProofFile {
  /** Index of the leaf (inclusion), or the size of the older tree (consistency). */
  index: number
  path: Bytes[]
  /** The header's bytes, when the proof was asked for with them. */
  entry: Bytes | undefined
  note: Note
  checkpoint: Checkpoint
}

function read(text: string, word: 'index' | 'old'): ProofFile {
  const cut = text.indexOf('\n\n')
  if (cut < 0) throw new SyntaxError('not a proof file')
  const lines = text.slice(0, cut).split('\n')
  if (word === 'index' && lines.shift() !== 'c2sp.org/tlog-proof@v1')
    throw new SyntaxError('not a tlog-proof')
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice(6)) : undefined
  const named = new RegExp(`^${word} (0|[1-9]\\d*)$`).exec(lines.shift() ?? '')
  if (!named) throw new SyntaxError(`no line "${word}"`)
  const path = lines.map(fromBase64)
  if (path.some((hash) => hash.length !== 32)) throw new SyntaxError('a hash that is not 32 bytes long')
  const note = readNote(text.slice(cut + 2))
  return { index: Number(named[1]), path, entry: extra, note, checkpoint: readCheckpoint(note.text) }
}

/** That an event is in the ledger; throws SyntaxError. */
export const readInclusion = (text: string): ProofFile => read(text, 'index')

/** That a ledger continues its first events; throws SyntaxError. */
export const readConsistency = (text: string): ProofFile => read(text, 'old')
