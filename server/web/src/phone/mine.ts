// The appeals that this phone knows of its enterprise: those it sent, and those looked up by number. The server gives
// an enterprise no list; each appeal is asked for by its number.
import { ref, watch } from 'vue'
import { me } from '../api/identity'

export interface Mine {
  no: string
  title: string
  /** Where and when the ledger recorded it. */
  seq: number
  recorded_at: string
  leaf_hash: string
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
export function remember({ no, title, seq, recorded_at, leaf_hash }: Mine): void {
  const others = mine.value.filter((one) => one.no !== no)
  mine.value = [{ no, title, seq, recorded_at, leaf_hash }, ...others].sort((a, b) => b.seq - a.seq)
  localStorage.setItem(place(), JSON.stringify(mine.value))
}
