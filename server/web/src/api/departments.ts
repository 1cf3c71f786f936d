// The departments by code, with the names they had at the moment shown.
import { computed, type ComputedRef } from 'vue'
import { useMoment } from '../moment/moment'
import { today, weekOf } from '../words/times'
import { useAnswer } from './answer'
import { report } from './reports'

export interface Departments {
  list: ComputedRef<{ id: string; name: string }[]>
  /** The name of a department, its code while the name is not known. */
  name: (id: string | null | undefined) => string
  isAnswered: ComputedRef<boolean>
}

export function useDepartments(): Departments {
  const { moment } = useMoment()
  const { value, isAnswered } = useAnswer((signal) => {
    const week = weekOf(moment.value.as_of ?? today())
    return report('weekly', { week, section: 'departments', ...moment.value }, signal)
  })
  const list = computed(() =>
    (value.value?.departments ?? []).map(({ department, name }) => ({ id: department, name })),
  )
  const names = computed(() => new Map(list.value.map(({ id, name }) => [id, name])))
  return { list, name: (id) => (id ? (names.value.get(id) ?? id) : ''), isAnswered }
}
