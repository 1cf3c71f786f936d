// The appeals of one's enterprise: what the ledger lists, and kept on the phone for when there is no line.
import { ref, watch } from 'vue'
import { appealsOf } from '../api/appeals'
import { me } from '../api/identity'

export interface Mine {
  no: string
  title: string
  /** Where and when the ledger recorded it. */
  seq: number
  recorded_at: string
  leaf_hash: string
  /** As it stood when the ledger was last asked. */
  status?: string
}

export const mine = ref<Mine[]>([])
const place = (): string => `mine:${me.value?.id}`

watch(
  () => me.value?.id,
  (id) => {
    mine.value = id ? (JSON.parse(localStorage.getItem(place()) ?? '[]') as Mine[]) : []
  },
  { immediate: true },
)

/** Newest first; the same number once. */
export function remember(...found: Mine[]): void {
  const numbers = new Set(found.map(({ no }) => no))
  const others = mine.value.filter(({ no }) => !numbers.has(no))
  mine.value = [...found, ...others].sort((a, b) => b.seq - a.seq)
  localStorage.setItem(place(), JSON.stringify(mine.value))
}

/** Asks the ledger for the list; without a line what is known stays. */
export async function refresh(signal?: AbortSignal): Promise<void> {
  if (!me.value?.id) return
  const { appeals } = await appealsOf(me.value.id, signal)
  remember(
    ...appeals.map(({ appeal: no, title, seq, submitted_at: recorded_at, leaf_hash, status }) => ({
      ...{ no, title, seq, recorded_at, leaf_hash, status },
    })),
  )
}
