// The moment: every page shows the ledger as of one, and says which. It lives in the address (?as_of= or
// ?seq=), so that a link is a link to what one saw. Without it a page is live.
import { computed, type ComputedRef } from 'vue'
import { feed } from '../api/feed'
import { useRoute, useRouter, type LocationQuery, type LocationQueryRaw } from 'vue-router'

export interface Moment {
  as_of?: string
  seq?: number
}

/** The moment that an address names; {} is now. A moment that cannot be read is none. */
export function momentIn(query: LocationQuery): Moment {
  const seq = Number(query.seq)
  if (Number.isSafeInteger(seq) && seq > 0) return { seq }
  const asOf = typeof query.as_of === 'string' ? query.as_of : ''
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(asOf) ? { as_of: asOf } : {}
}

export const isLive = (moment: Moment): boolean => moment.as_of === undefined && moment.seq === undefined

/** The address with another moment in it, all else kept. */
export function withMoment(query: LocationQuery, moment: Moment): LocationQueryRaw {
  const rest: LocationQueryRaw = { ...query }
  delete rest.as_of
  delete rest.seq
  return { ...rest, ...moment }
}

/** Midnight after a day in Shanghai, or a minute in it, as the question's instant. */
export function instant(day: string, minute = '24:00'): string {
  if (minute !== '24:00') return `${day}T${minute}:00+08:00`
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  return `${next}T00:00:00+08:00`
}

export interface MomentStore {
  moment: ComputedRef<Moment>
  /** The moment for a question; a live one is asked again with every pulse of the feed. */
  asked: () => Moment
  isLive: ComputedRef<boolean>
  /** Shows the page as of another moment; {} goes back to now. */
  go: (moment: Moment) => Promise<unknown>
  /** What a link to another page carries along. */
  carried: ComputedRef<LocationQueryRaw>
}

/** The moment of the page shown. */
export function useMoment(): MomentStore {
  const route = useRoute()
  const router = useRouter()
  const moment = computed(() => momentIn(route.query))
  return {
    moment,
    asked: () => {
      if (isLive(moment.value)) void feed.pulse.value
      return moment.value
    },
    isLive: computed(() => isLive(moment.value)),
    go: (to) => router.push({ query: withMoment(route.query, to) }),
    carried: computed(() => ({ ...moment.value })),
  }
}
