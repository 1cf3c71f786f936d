// The roll of supervisors, from the events on their own streams.
import type { LedgerEvent } from '../../api/events'

export interface Supervisor {
  id: string
  category: string
  from: string
  until: string
  /** What last changed whether one serves. */
  last: string
  activities: number
}

const serving = new Set([
  'SupervisorNominated',
  'SupervisorAppointed',
  'SupervisorReappointed',
  'SupervisorSuspended',
  'SupervisorReinstated',
  'SupervisorDismissed',
])

/** Names stay sealed: the roll knows people by their numbers. */
export function rollOf(events: readonly LedgerEvent[]): Supervisor[] {
  const all = new Map<string, Supervisor>()
  for (const { stream, event, data } of events) {
    const id = stream.slice(stream.indexOf('/') + 1)
    const one = all.get(id) ?? { id, category: '', from: '', until: '', last: '', activities: 0 }
    all.set(id, one)
    if (typeof data.category === 'string') one.category = data.category
    if (typeof data.from === 'string') one.from = data.from
    if (typeof data.until === 'string') one.until = data.until
    if (serving.has(event)) one.last = event
    if (event === 'ActivityAttended') one.activities += 1
  }
  return [...all.values()].sort((a, b) => a.id.localeCompare(b.id))
}
