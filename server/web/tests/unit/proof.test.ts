// The vectors of evidence.md (RFC 6962's and C2SP's), and every proof of every small tree against all its changes.
import { describe, expect, it } from 'vitest'
import { fromHex, toHex, type Bytes } from '../../src/proof/bytes'
import { isContinued, isIncluded, leafHash, nodeHash, rootOf, sha256 } from '../../src/proof/merkle'
import { hasEd25519, isSigned, readCheckpoint, readNote, readVerifier } from '../../src/proof/note'
import { readConsistency, readInclusion } from '../../src/proof/proof_file'

const entries = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const leaves = await Promise.all(entries.map((entry) => leafHash(fromHex(entry))))
const roots: Record<number, string> = {
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  7: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
}

const split = (n: number): number => (n <= 2 ? 1 : 2 * split(Math.ceil(n / 2)))

/** RFC 6962 2.1.1, told by recursion: a second way to the same proof. */
async function pathOf(index: number, of: Bytes[]): Promise<Bytes[]> {
  if (of.length === 1) return []
  const k = split(of.length)
  return index < k
    ? [...(await pathOf(index, of.slice(0, k))), await rootOf(of.slice(k))]
    : [...(await pathOf(index - k, of.slice(k))), await rootOf(of.slice(0, k))]
}

/** RFC 6962 2.1.2. */
async function continuation(older: number, of: Bytes[], isWhole = true): Promise<Bytes[]> {
  if (older === of.length) return isWhole ? [] : [await rootOf(of)]
  const k = split(of.length)
  return older <= k
    ? [...(await continuation(older, of.slice(0, k), isWhole)), await rootOf(of.slice(k))]
    : [...(await continuation(older - k, of.slice(k), false)), await rootOf(of.slice(0, k))]
}

describe('the tree', () => {
  it('has the roots of the published vectors', async () => {
    for (const [size, root] of Object.entries(roots))
      expect(toHex(await rootOf(leaves.slice(0, Number(size))))).toBe(root)
    expect(toHex(await rootOf([]))).toBe(toHex(await sha256(new Uint8Array())))
  })

  it('proves each entry of each tree, and nothing else', async () => {
    for (let size = 1; size <= 8; ++size) {
      const root = await rootOf(leaves.slice(0, size))
      for (let index = 0; index < size; ++index) {
        const path = await pathOf(index, leaves.slice(0, size))
        expect(await isIncluded(index, size, leaves[index]!, path, root)).toBe(true)
        for (let other = 0; other <= size; ++other)
          if (other !== index) expect(await isIncluded(other, size, leaves[index]!, path, root)).toBe(false)
        const altered = await nodeHash(leaves[index]!, leaves[index]!)
        expect(await isIncluded(index, size, altered, path, root)).toBe(false)
        expect(await isIncluded(index, size, leaves[index]!, [...path, altered], root)).toBe(false)
        if (path.length > 0)
          expect(await isIncluded(index, size, leaves[index]!, path.slice(1), root)).toBe(false)
      }
    }
  })

  it('proves that each tree continues each smaller one, and refuses an altered past', async () => {
    for (let size = 1; size <= 8; ++size)
      for (let older = 1; older <= size; ++older) {
        const now = { size, root: await rootOf(leaves.slice(0, size)) }
        const then = { size: older, root: await rootOf(leaves.slice(0, older)) }
        const path = await continuation(older, leaves.slice(0, size))
        expect(await isContinued(then, now, path)).toBe(true)
        expect(await isContinued({ ...then, root: leaves[7]! }, now, path)).toBe(false)
        expect(await isContinued(then, { ...now, root: leaves[7]! }, path)).toBe(false)
        expect(await isContinued(then, now, [...path, leaves[0]!])).toBe(false)
      }
  })
})

describe('signed notes', () => {
  const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'

  it('reads the verifier key of the C2SP page, and refuses one whose id is not its own', async () => {
    expect((await readVerifier(vkey)).name).toBe('example.com/foo')
    await expect(readVerifier(vkey.replace('530d903a', '530d903b'))).rejects.toThrow(SyntaxError)
  })

  it('verifies a signature where the platform has Ed25519, and refuses an altered text', async () => {
    expect(await hasEd25519()).toBe(true)
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
    const text = 'office.example/ledger\n3\nrrbD/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n'
    const bytes = new Uint8Array(
      await crypto.subtle.sign('Ed25519', pair.privateKey, new TextEncoder().encode(text)),
    )
    const key = { name: 'office.example/ledger', id: '00000001', key: raw }
    const note = { text, signatures: [{ name: key.name, id: key.id, bytes }] }
    expect(await isSigned(note, key)).toBe(true)
    expect(await isSigned({ ...note, text: text.replace('\n3\n', '\n4\n') }, key)).toBe(false)
    expect(await isSigned(note, { ...key, id: '00000002' })).toBe(false)
    expect(readCheckpoint(text).size).toBe(3)
  })

  it('refuses what is not a note', () => {
    for (const text of ['', 'a\n', 'a\n\n', 'a\n\n- b c\n', 'a\n\n— b AAAA\n'])
      expect(() => readNote(text)).toThrow(SyntaxError)
  })
})

describe('proof files', () => {
  it('refuse what is cut off or has a line too many', () => {
    expect(() => readInclusion('c2sp.org/tlog-proof@v1\nindex 1\n')).toThrow(SyntaxError)
    expect(() => readInclusion('c2sp.org/tlog-proof@v1\nindex 01\n\na\n1\nAAAA\n\n— a AAAAAAAA\n')).toThrow(
      SyntaxError,
    )
    expect(() => readConsistency('old 1\nAAAA\n\na\n1\nAAAA\n\n— a AAAAAAAA\n')).toThrow(SyntaxError)
  })
})
