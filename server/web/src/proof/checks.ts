// The checks that a page makes before the reader's eyes, one line each. Nothing is taken from the server but the texts
// under test; a check that could not be made says so and is not counted as passed.
import { say } from '../words/say'
import { isEqual, toBase64, toHex, type Bytes } from './bytes'
import { isContinued, isIncluded, leafHash } from './merkle'
import { hasEd25519, isSigned, isSame, readCheckpoint, readNote, readVerifier, type Note } from './note'
import { readConsistency, readInclusion, type ProofFile } from './proof_file'

export interface Check {
  name: string
  verdict: 'holds' | 'fails' | 'open'
  detail: string
}

const check = (name: string, holds: boolean, detail: string): Check => ({
  name,
  verdict: holds ? 'holds' : 'fails',
  detail,
})

/** The signature of a note under the reader's key; open without a key, or in a browser without Ed25519. */
export async function checkSignature(note: Note, vkey: string): Promise<Check> {
  const name = say('检查点签名（Ed25519）', 'Signature of the checkpoint (Ed25519)')
  const left = (detail: string): Check => ({ name, verdict: 'open', detail })
  if (!vkey.trim())
    return left(
      say('未提供验证公钥：只核对到这个树根', 'no verifier key given: checked up to this root only'),
    )
  if (!(await hasEd25519())) return left(say('这个浏览器没有 Ed25519', 'this browser has no Ed25519'))
  try {
    const verifier = await readVerifier(vkey)
    return check(name, await isSigned(note, verifier), `${verifier.name}+${verifier.id}`)
  } catch (error) {
    return check(name, false, say('公钥不成立：', 'not a key: ') + (error as Error).message)
  }
}

async function checkLeaf(proof: ProofFile, leaf: Bytes): Promise<Check> {
  const name = say('叶 = SHA-256(0x00 || 头部)', 'leaf = SHA-256(0x00 || header)')
  if (!proof.entry)
    return { name, verdict: 'open', detail: say('证明里没有头部', 'the proof carries no header') }
  return check(name, isEqual(await leafHash(proof.entry), leaf), toHex(leaf))
}

/** Whether `text` proves that event `seq` with this leaf is in the ledger. */
export async function checkInclusion(text: string, seq: number, leaf: Bytes, vkey: string): Promise<Check[]> {
  let proof: ProofFile
  try {
    proof = readInclusion(text)
  } catch (error) {
    return [check(say('证明文件可读', 'The proof can be read'), false, (error as Error).message)]
  }
  const { index, path, checkpoint } = proof
  return [
    check(say('位置 = 事件号 - 1', 'index = seq - 1'), index === seq - 1, String(index)),
    await checkLeaf(proof, leaf),
    check(
      say('包含路径到树根', 'Inclusion path to the root'),
      await isIncluded(seq - 1, checkpoint.size, leaf, path, checkpoint.root),
      say(
        `${path.length} 步，树有 ${checkpoint.size} 个事件，树根 `,
        `${path.length} steps, ${checkpoint.size} events, root `,
      ) + toBase64(checkpoint.root),
    ),
    await checkSignature(proof.note, vkey),
  ]
}

/** Whether `text` proves that the ledger continues the checkpoint that the reader brought along. */
export async function checkConsistency(text: string, brought: string, vkey: string): Promise<Check[]> {
  const checks: Check[] = []
  try {
    const oldNote = readNote(brought.endsWith('\n') ? brought : `${brought}\n`)
    const older = readCheckpoint(oldNote.text)
    const { index, path, note, checkpoint } = readConsistency(text)
    checks.push(
      check(say('同一台账', 'The same ledger'), older.origin === checkpoint.origin, checkpoint.origin),
    )
    checks.push(
      check(
        say('证明的是您带来的检查点', 'The proof is about the checkpoint brought'),
        index === older.size,
        String(older.size),
      ),
    )
    checks.push(
      check(
        say('延续：原有事件一个未改', 'Continued: no earlier event altered'),
        isSame(older, checkpoint) || (await isContinued(older, checkpoint, path)),
        `${older.size} → ${checkpoint.size}`,
      ),
    )
    checks.push({
      ...(await checkSignature(oldNote, vkey)),
      name: say('您带来的检查点的签名', 'Signature of the checkpoint brought'),
    })
    checks.push(await checkSignature(note, vkey))
  } catch (error) {
    checks.push(check(say('文件可读', 'The files can be read'), false, (error as Error).message))
  }
  return checks
}
