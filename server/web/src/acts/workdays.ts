// Working days by the ledger's own calendars (stream calendar/YEAR): for counting down, and for saying beforehand when
// a limit would end. What counts is what the ledger stores when it records; a year without a published
// calendar is Monday to Friday, and provisional.
import { history } from '../api/events'
import { Problem } from '../api/problem'

export interface Year {
  holidays: Set<string>
  makeup: Set<string>
  notice: string
  isPublished: boolean
}

export type Calendars = Map<string, Year>

const days = (list: unknown): string[] => (Array.isArray(list) ? (list as string[]) : [])

async function readYear(year: string): Promise<Year> {
  const empty = { holidays: new Set<string>(), makeup: new Set<string>(), notice: '', isPublished: false }
  try {
    const { events } = await history('calendar', year)
    for (const { event, data } of events) {
      // 调整 restates the year; 本地停工 adds to it.
      if (event === 'CalendarPublished' || event === 'CalendarAmended') {
        empty.holidays = new Set(days(data.holidays))
        empty.makeup = new Set(days(data.makeup_workdays))
        empty.notice = String(data.notice)
        empty.isPublished = true
      } else if (event === 'LocalClosureDeclared') {
        for (const day of days(data.days)) empty.holidays.add(day)
        for (const day of days(data.days)) empty.makeup.delete(day)
      }
    }
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error
  }
  return empty
}

/** The calendars of these years. */
export async function readCalendars(years: string[]): Promise<Calendars> {
  const found = await Promise.all(years.map(readYear))
  return new Map(years.map((year, i) => [year, found[i]!]))
}

const next = (day: string): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** Why a day is worked, or is not. */
export function isWorkday(day: string, calendars: Calendars): boolean {
  const year = calendars.get(day.slice(0, 4))
  if (year?.makeup.has(day)) return true
  if (year?.holidays.has(day)) return false
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
  return weekday > 0 && weekday < 6
}

export interface Limit {
  /** The last day. */
  last: string
  /** Days passed over, and worked at a weekend, on the way. */
  skipped: string[]
  makeup: string[]
  isProvisional: boolean
}

/** The last of `count` working days after `from` (the day itself does not count, 民法典 201). */
export function limitAfter(from: string, count: number, calendars: Calendars): Limit {
  const limit: Limit = { last: from, skipped: [], makeup: [], isProvisional: false }
  for (let left = count; left > 0;) {
    limit.last = next(limit.last)
    const year = calendars.get(limit.last.slice(0, 4))
    limit.isProvisional ||= !year?.isPublished
    if (isWorkday(limit.last, calendars)) {
      left -= 1
      if (year?.makeup.has(limit.last)) limit.makeup.push(limit.last)
    } else limit.skipped.push(limit.last)
  }
  return limit
}

/** Working days from the end of `today` until a due (exclusive instant); negative when it has passed. */
export function workdaysUntil(due: string, today: string, calendars: Calendars): number {
  const end = due.slice(0, 10)
  const count = (from: string, to: string): number => {
    let sum = 0
    for (let day = from; day < to; day = next(day)) if (isWorkday(day, calendars)) sum += 1
    return sum
  }
  return end > today ? count(next(today), end) : -count(end, next(today))
}
