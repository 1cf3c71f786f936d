// Who is signed in. The token says it; roles and departments come from the ledger's directory, never from here.
import { ref } from 'vue'
import { ask, setToken } from './http'

export interface Me {
  id: string
  role: string
  department?: string
}

const place = 'token'

export const me = ref<Me>()

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
  return me.value
}

/** Takes up the sign-in that this tab already had. */
export async function resume(): Promise<void> {
  const token = sessionStorage.getItem(place)
  if (token) await signIn(token).catch(() => undefined)
}

export function signOut(): void {
  setToken('')
  sessionStorage.removeItem(place)
  me.value = undefined
}
