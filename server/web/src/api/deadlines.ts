// When a duty that starts now would fall due, and which days are worked: the ledger's own answers. The pages know no
// calendar and no limit.
import { ask, type Query } from './http'

export interface Deadline {
  obligation: string
  workdays: number
  due: string
  last_day: string
  /** A year on the way has no published calendar. */
  provisional: boolean
  /** Days passed over, and worked at a weekend, on the way. */
  skipped: string[]
  makeup: string[]
}

export interface Deadlines {
  rules: string
  deadlines: Deadline[]
}

export const deadlines = (track: string, signal?: AbortSignal): Promise<Deadlines> =>
  ask('/v1/deadlines', { track }, signal)

export interface WorkdaySpan {
  days: { date: string; workday: boolean }[]
}

/** At most 800 days, both ends among them. */
export const workdays = (
  from: string,
  to: string,
  query: Query,
  signal?: AbortSignal,
): Promise<WorkdaySpan> => ask('/v1/workdays', { from, to, ...query }, signal)

/** The working days after `today` and before a due (an exclusive instant); undefined beyond the span. */
export function workdaysLeft(due: string, today: string, { days }: WorkdaySpan): number | undefined {
  const end = due.slice(0, 10)
  const last = days.at(-1)
  if (!last || end > last.date) return undefined
  return days.filter(({ date, workday }) => workday && date > today && date < end).length
}
