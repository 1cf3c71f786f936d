// The words of the domain, from the glossary alone. A code that the glossary lacks is shown as it stands:
// loud for us, legible for the reader.
import glossary from 'virtual:glossary'
import { say } from './say'

const english = (code: string): string =>
  code
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()

const said = (chinese: string | undefined, code: string): string =>
  say(chinese ?? code, chinese === undefined ? code : english(code))

/** A status of a lifecycle: 承办单 first, then 诉求, as the closed-loop ledger mixes them. */
export function statusWord(code: string, lifecycles: string[] = ['承办单', '诉求']): string {
  for (const lifecycle of lifecycles) {
    const found = glossary.statuses[lifecycle]?.[code]
    if (found) return said(found, code)
  }
  return code
}

export const eventWord = (code: string): string => said(glossary.events[code], code)
export const columnWord = (code: string): string => said(glossary.columns[code], code)
export const word = (code: string): string => said(glossary.words[code], code)

/** Every status that a row of the closed-loop ledger can have, in the order of the work. */
export const rowStatuses = [
  'submitted',
  'supplement_requested',
  'accepted',
  'dispatched',
  'signed',
  'contacted',
  'returning',
  'long_term',
  'completed',
  'concluded',
  'answered',
  'closed',
  'rejected',
  'withdrawn',
  'returned',
  'redispatched',
  'cancelled',
  'merged',
  'transferred',
  'shelved',
  'excluded',
] as const

export const lights = ['red', 'yellow', 'green', 'grey'] as const
export type LightCode = (typeof lights)[number]
