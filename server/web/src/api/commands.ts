// Writing. A receipt is shown only when the ledger gave one; a key is kept until then, so that repeating
// after a lost line can never record twice.
import { haveSeen, headers, send } from './http'

export interface Receipt {
  seq: number
  version: number
  recorded_at: string
  leaf_hash: string
  stream: string
}

export interface Command {
  command: string
  stream: string
  data: Record<string, unknown>
}

/** A new idempotency key. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/**
 * Sends a command. Ask again with the same key after a Problem that isUnknown: the ledger gives the first
 * receipt or a new one.
 */
export async function submit({ command, stream, data }: Command, key: string): Promise<Receipt> {
  const response = await send(`/v1/commands/${command}`, {
    method: 'POST',
    headers: headers({ 'content-type': 'application/json', 'idempotency-key': `"${key}"` }),
    body: JSON.stringify({ stream, data }),
  })
  const receipt = (await response.json()) as Receipt
  haveSeen(receipt.seq)
  return receipt
}
