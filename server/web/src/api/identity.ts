// Who is signed in. The token says it; roles and departments come from the ledger's directory, never from here.
import { ref } from 'vue'
import { ask, setToken } from './http'
import { Problem } from './problem'

export interface Me {
  id: string
  role: string
  department?: string
  district?: string
  /** What time it is said to be, where the clock is only rehearsed; null where it is the real one. */
  rehearsal?: string | null
  /** What each of its roles may do, and of how much: all, department, own. */
  roles?: { may: Record<string, string> }[]
}

const place = 'token'
const person = 'person'

export const me = ref<Me>()

/** Whether the server says that this person may read `action` of everybody; undefined where it says nothing of rights. */
export const mayReadAll = (action: string): boolean | undefined =>
  me.value?.roles && me.value.roles.some(({ may }) => may[action] === 'all')

/** Signs in with a token, for this tab; rejects with the server's Problem if it does not take it. */
export async function signIn(token: string): Promise<Me> {
  setToken(token)
  try {
    me.value = await ask<Me>('/v1/me')
  } catch (error) {
    signOut()
    throw error
  }
  sessionStorage.setItem(place, token)
  sessionStorage.setItem(person, JSON.stringify(me.value))
  return me.value
}

/** Takes up the sign-in that this tab already had; without a line, as whom it was the last time. */
export async function resume(): Promise<void> {
  const token = sessionStorage.getItem(place)
  const known = sessionStorage.getItem(person)
  if (!token) return
  await signIn(token).catch((error: unknown) => {
    if (!(error instanceof Problem && error.isUnknown && known)) return
    setToken(token)
    sessionStorage.setItem(place, token)
    sessionStorage.setItem(person, known)
    me.value = JSON.parse(known) as Me
  })
}

export function signOut(): void {
  setToken('')
  sessionStorage.removeItem(place)
  sessionStorage.removeItem(person)
  me.value = undefined
}
