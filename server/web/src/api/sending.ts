// Commands on their way from a form.
import { ref, type Ref } from 'vue'
import { submit, type Command } from './commands'

export interface Sending {
  /** What went wrong, in one sentence; '' when nothing did. */
  wrong: Ref<string>
  isSending: Ref<boolean>
  /** One after the other, each under its key. True: each of them has its receipt. */
  send: (...commands: [Command, string][]) => Promise<boolean>
}

export function useSending(): Sending {
  const wrong = ref('')
  const isSending = ref(false)
  async function send(...commands: [Command, string][]): Promise<boolean> {
    wrong.value = ''
    isSending.value = true
    try {
      for (const [command, key] of commands) await submit(command, key)
      return true
    } catch (error) {
      wrong.value = (error as Error).message
      return false
    } finally {
      isSending.value = false
    }
  }
  return { wrong, isSending, send }
}
