// The Merkle arithmetic of RFC 6962, as docs/FORMAT.md and evidence.md give it. Pure, on WebCrypto: nothing here
// asks the server, so what it accepts does not rest on the server's word.
import { isEqual, joined, type Bytes } from './bytes'

const of = (first: number): Bytes => Uint8Array.of(first)

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** A leaf: SHA-256(0x00 || entry). */
export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(joined(of(0), entry))

/** An inner node: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(of(1), left, right))

/** The root over leaves; no leaf at all has the hash of nothing. */
export async function rootOf(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array())
  if (leaves.length === 1) return leaves[0]!
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return nodeHash(await rootOf(leaves.slice(0, split)), await rootOf(leaves.slice(split)))
}

const isOdd = (n: number): boolean => n % 2 === 1
const half = (n: number): number => Math.floor(n / 2) // sizes may pass 2^31, where >> would be wrong

/** Whether `leaf` is entry `index` (from 0) of the tree of `size` with this root. */
export async function isIncluded(
  index: number,
  size: number,
  leaf: Bytes,
  path: Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let fn = index
  let sn = size - 1
  let hash = leaf
  for (const sibling of path) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      hash = await nodeHash(sibling, hash)
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else hash = await nodeHash(hash, sibling)
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && isEqual(hash, root)
}

/** A tree of a size, by its root. */
export interface Tree {
  size: number
  root: Bytes
}

/** Whether `newer` continues `older`: the same first entries, nothing altered or taken out. */
export async function isContinued(older: Tree, newer: Tree, path: Bytes[]): Promise<boolean> {
  if (older.size < 1 || older.size > newer.size) return false
  if (older.size === newer.size) return path.length === 0 && isEqual(older.root, newer.root)
  const isPower = 2 ** Math.round(Math.log2(older.size)) === older.size
  const [first, ...rest] = isPower ? [older.root, ...path] : path
  if (!first) return false
  let fn = older.size - 1
  let sn = newer.size - 1
  while (isOdd(fn)) {
    fn = half(fn)
    sn = half(sn)
  }
  let old = first
  let now = first
  for (const hash of rest) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      old = await nodeHash(hash, old)
      now = await nodeHash(hash, now)
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else now = await nodeHash(now, hash)
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && isEqual(old, older.root) && isEqual(now, newer.root)
}
