// What an enterprise has written and the ledger has not yet confirmed, kept on its phone. A letter has its number and
// its key from the moment it is to be sent; the key never changes while its fate is unknown, so however often
// it is sent the ledger records it once.
import { ref, watch } from 'vue'
import { newKey, submit, type Receipt } from '../api/commands'
import { me } from '../api/identity'
import { Problem } from '../api/problem'
import { remember } from './mine'
import { forget, sendPictures } from './pictures'

export interface Draft {
  category: string
  title: string
  text: string
  /** Pictures are named by what they are (SHA-256); the files wait on the phone (pictures.ts). */
  pictures: { name: string; sha256: string }[]
}

export interface Letter extends Draft {
  key: string
  no: string
  /** Why it is still here, as the ledger or the line said it. */
  said: string
  /** The ledger refused it: it is not sent again, the writer decides. */
  isRefused: boolean
}

const empty = (): Draft => ({ category: '', title: '', text: '', pictures: [] })

function kept<T>(name: string, otherwise: T): T {
  const text = localStorage.getItem(`${name}:${me.value?.id}`)
  return text ? (JSON.parse(text) as T) : otherwise
}

export const draft = ref<Draft>(empty())
export const letters = ref<Letter[]>([])

watch(
  () => me.value?.id,
  (id) => {
    draft.value = id ? kept('draft', empty()) : empty()
    letters.value = id ? kept<Letter[]>('letters', []) : []
  },
  { immediate: true },
)

const write = (name: string, value: unknown): void =>
  localStorage.setItem(`${name}:${me.value!.id}`, JSON.stringify(value))
watch(draft, (to) => me.value && write('draft', to), { deep: true })

/** Numbers are chosen here, so that a letter has one before there is a line: 32^8 of a year, and never reused. */
export function newNumber(kind: 'SQ' | 'SB'): string {
  const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  return `${kind}${new Date().getFullYear()}-${Array.from(bytes, (byte) => signs[byte % 32]).join('')}`
}

/** Puts the draft among the letters; on the disk before anything is sent. */
export function seal(): Letter {
  const letter = { ...draft.value, key: newKey(), no: newNumber('SQ'), said: '', isRefused: false }
  letters.value = [...letters.value, letter]
  write('letters', letters.value)
  draft.value = empty()
  return letter
}

/** Makes a refused letter a draft again. Nothing of it was recorded. */
export function reopen({ category, title, text, pictures, no }: Letter): void {
  draft.value = { category, title, text, pictures }
  letters.value = letters.value.filter((one) => one.no !== no)
  write('letters', letters.value)
}

function settle(no: string, change?: Partial<Letter>): void {
  letters.value = letters.value.flatMap((one) =>
    one.no !== no ? [one] : change ? [{ ...one, ...change }] : [],
  )
  write('letters', letters.value)
}

async function sendOne(letter: Letter): Promise<Receipt | undefined> {
  const { no, category, title, text, pictures, key } = letter
  const attachments = pictures.map((one) => one.sha256)
  const data = {
    enterprise: me.value!.id,
    channel: 'app',
    category,
    title,
    ...(text ? { text } : {}),
    ...(attachments.length ? { attachments } : {}),
  }
  try {
    await sendPictures(pictures)
    const receipt = await submit({ command: 'SubmitAppeal', stream: `appeal/${no}`, data }, key)
    remember({ no, title, ...receipt })
    settle(no)
    await Promise.all(attachments.map(forget))
    return receipt
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const isRefused = [400, 413, 415, 422].includes(error.status)
    settle(no, { said: error.message, isRefused })
    return undefined
  }
}

let sending: Promise<unknown> = Promise.resolve()

/** Sends what waits, one after the other; what the ledger did not confirm stays. */
export function flush(): Promise<void> {
  const all = async (): Promise<void> => {
    for (const letter of letters.value.filter((one) => !one.isRefused)) await sendOne(letter)
  }
  const next = sending.then(all, all)
  sending = next
  return next
}
