// The moment that the page on the screen was really drawn from, as its report states it.
import { onScopeDispose, shallowRef, watchEffect, type ShallowRef } from 'vue'

export interface Drawn {
  district?: string
  as_of: string
  seq: number
  root: string
}

export const drawn = shallowRef<Drawn>()
export const district = shallowRef('')

/** Says at the top of the page what `answer` says of itself. */
export function useStamp(answer: ShallowRef<Drawn | undefined>): void {
  watchEffect(() => {
    drawn.value = answer.value
    if (answer.value?.district) district.value = answer.value.district
  })
  onScopeDispose(() => {
    drawn.value = undefined
  })
}
