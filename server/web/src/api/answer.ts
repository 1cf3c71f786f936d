// A question that a page asks again whenever what it depends on changes. The former answer stays on the page
// until the new one is there; of two questions under way only the later counts.
import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  watchEffect,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'
import { Problem } from './problem'

export interface Answer<T> {
  value: ShallowRef<T | undefined>
  problem: ShallowRef<Problem | undefined>
  isLoading: Ref<boolean>
  /** An answer is there, or word that there is none. */
  isAnswered: ComputedRef<boolean>
}

/** `question` is a tracked function: what it reads before its first await makes it be asked again. */
export function useAnswer<T>(question: (signal: AbortSignal) => Promise<T> | undefined): Answer<T> {
  const value = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const isLoading = ref(false)
  let running: AbortController | undefined
  const begin = (): void => {
    running?.abort()
    const mine = new AbortController()
    running = mine
    const asked = question(mine.signal)
    if (!asked) return
    isLoading.value = true
    asked
      .then((answer) => {
        if (running !== mine) return
        value.value = answer
        problem.value = undefined
      })
      .catch((error: unknown) => {
        if (running !== mine || mine.signal.aborted) return
        problem.value = error instanceof Problem ? error : new Problem(500, { detail: String(error) })
      })
      .finally(() => {
        if (running === mine) isLoading.value = false
      })
  }
  watchEffect(begin)
  onScopeDispose(() => running?.abort())
  const isAnswered = computed(() => value.value !== undefined || problem.value !== undefined)
  return { value, problem, isLoading, isAnswered }
}
