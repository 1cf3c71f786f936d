// The instant that a page's moment stands for, as the ledger says it: a page whose moment is an event number, or now,
// asks before it can say which week that is.
import { computed, type ComputedRef } from 'vue'
import { useMoment } from '../moment/moment'
import { weekOf } from '../words/times'
import { useAnswer } from './answer'
import { report } from './reports'

/** The ISO week of the moment; undefined while it is not known. */
export function useWeekOfMoment(): ComputedRef<string | undefined> {
  const { moment, asked } = useMoment()
  const { value } = useAnswer((signal) =>
    moment.value.as_of ? undefined : report('closed-loop', { ...asked(), limit: 1 }, signal),
  )
  return computed(() => {
    if (moment.value.as_of)
      return weekOf(new Date(Date.parse(moment.value.as_of) + 8 * 3_600_000).toISOString())
    return value.value && weekOf(value.value.as_of)
  })
}
