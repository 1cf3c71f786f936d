// The filters of the ledger, as they stand in the address.
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Query } from '../../api/http'
import { useMoment } from '../../moment/moment'
import { say } from '../../words/say'
import { statusWord, word } from '../../words/words'

export interface LedgerFilters {
  filters: ComputedRef<Query>
  isFiltered: ComputedRef<boolean>
  /** What is filtered, for a printed head; empty for all. */
  text: ComputedRef<string>
  choose: (to: Record<string, string | undefined>) => void
  clear: () => void
}

const names = ['department', 'light', 'status', 'category', 'from', 'to', 'appeal'] as const

export function useFilters(department: (id: string | null) => string): LedgerFilters {
  const route = useRoute()
  const router = useRouter()
  const { moment } = useMoment()
  const text = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '')
  const filters = computed<Query>(() => Object.fromEntries(names.map((name) => [name, text(name)])))
  return {
    filters,
    isFiltered: computed(() => Object.values(filters.value).some(Boolean)),
    text: computed(() =>
      [
        department(text('department')),
        text('light') && word(text('light')),
        text('status') && statusWord(text('status')),
        text('category'),
        text('from') && say(`${text('from')} 起`, `from ${text('from')}`),
        text('to') && say(`至 ${text('to')}`, `to ${text('to')}`),
        text('appeal'),
      ]
        .filter(Boolean)
        .map((one) => `· ${one}`)
        .join(' '),
    ),
    choose: (to) => void router.replace({ query: { ...route.query, ...to } }),
    clear: () => void router.replace({ query: { ...moment.value } }),
  }
}
