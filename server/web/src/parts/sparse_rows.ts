// Rows of a long report, fetched a page at a time as they come into sight, all from one moment: the pages after the
// first ask for the moment that the first was drawn from, so that no row is missed or told twice while the ledger grows.
import { onScopeDispose, ref, shallowRef, watchEffect, type Ref, type ShallowRef } from 'vue'
import { Problem } from '../api/problem'

export interface RowPage<R, S> {
  total: number
  rows: R[]
  stamp: S
}

/** Rows `offset` to `offset + limit`; `drawnFrom` is the stamp of the first page, undefined for the first. */
export type PageQuestion<R, S> = (
  offset: number,
  limit: number,
  drawnFrom: S | undefined,
  signal: AbortSignal,
) => Promise<RowPage<R, S>>

export interface SparseRows<R, S> {
  total: Ref<number>
  stamp: ShallowRef<S | undefined>
  problem: ShallowRef<Problem | undefined>
  isLoading: Ref<boolean>
  /** Grows when rows have come. */
  revision: Ref<number>
  at: (index: number) => R | undefined
  need: (from: number, to: number) => void
}

export const pageSize = 100

/** `question` returns the asker for what is to be shown now; what it reads makes everything be asked again. */
export function useSparseRows<R, S>(question: () => PageQuestion<R, S>): SparseRows<R, S> {
  const total = ref(0)
  const stamp = shallowRef<S>()
  const problem = shallowRef<Problem>()
  const isLoading = ref(true)
  const revision = ref(0)
  let pages = new Map<number, R[] | 'asked'>()
  let ask: PageQuestion<R, S>
  let generation = new AbortController()

  const load = async (page: number, drawnFrom: S | undefined): Promise<void> => {
    const mine = generation
    const into = pages
    into.set(page, 'asked')
    try {
      const answer = await ask(page * pageSize, pageSize, drawnFrom, mine.signal)
      if (mine !== generation) return
      into.set(page, answer.rows)
      total.value = answer.total
      if (drawnFrom === undefined) stamp.value = answer.stamp
      problem.value = undefined
      revision.value += 1
    } catch (error) {
      into.delete(page)
      if (mine !== generation || mine.signal.aborted) return
      problem.value = error instanceof Problem ? error : new Problem(500, { detail: String(error) })
    } finally {
      if (mine === generation) isLoading.value = false
    }
  }
  watchEffect(() => {
    ask = question()
    generation.abort()
    generation = new AbortController()
    const former = pages // stays in sight until the first new page is there
    pages = new Map([...former].filter(([, rows]) => rows !== 'asked'))
    isLoading.value = true
    const mine = generation
    void load(0, undefined).then(() => {
      if (mine !== generation) return
      pages = new Map([[0, pages.get(0) ?? []]])
      revision.value += 1
    })
  })
  onScopeDispose(() => generation.abort())
  return {
    total,
    stamp,
    problem,
    isLoading,
    revision,
    at: (index) => {
      const rows = pages.get(Math.floor(index / pageSize))
      return rows === undefined || rows === 'asked' ? undefined : rows[index % pageSize]
    },
    need: (from, to) => {
      if (stamp.value === undefined) return
      for (let page = Math.floor(from / pageSize); page * pageSize < Math.min(to, total.value); ++page)
        if (!pages.has(page)) void load(page, stamp.value)
    },
  }
}
