// Times come with +08:00 and are shown as they stand in Asia/Shanghai, whatever the reader's machine thinks.

/** "2021-09-18T16:06:21.000000+08:00" as "2021-09-18 16:06". */
export function minute(time: string | null | undefined): string {
  return time ? `${time.slice(0, 10)} ${time.slice(11, 16)}` : ''
}

/** The same to the second; audits read seconds. */
export function second(time: string | null | undefined): string {
  return time ? `${time.slice(0, 10)} ${time.slice(11, 19)}` : ''
}

const day = (date: Date): string => date.toISOString().slice(0, 10)

/** A due time is the exclusive instant after its last day: 2021-09-18T00:00 reads "2021-09-17 24:00". */
export function due(time: string | null | undefined): string {
  if (!time) return ''
  if (time.slice(11, 19) !== '00:00:00') return minute(time)
  return `${day(new Date(Date.parse(`${time.slice(0, 10)}T00:00:00Z`) - 86_400_000))} 24:00`
}

/** Whether a duty was met after its due; undefined when one of the two is missing. */
export function isLate(met: string | null, dueAt: string | null): boolean | undefined {
  return met && dueAt ? met >= dueAt : undefined
}

/** The ISO week of a date, as 2021-W38. */
export function weekOf(date: string): string {
  const noon = new Date(`${date.slice(0, 10)}T12:00:00Z`)
  const thursday = new Date(noon.getTime() + (4 - (noon.getUTCDay() || 7)) * 86_400_000)
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1, 12)
  const number = Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`
}

/** Monday of an ISO week, as 2021-09-20. */
export function mondayOf(week: string): string {
  const [year, number] = week.split('-W').map(Number)
  const fourth = new Date(Date.UTC(year!, 0, 4))
  const monday = fourth.getTime() - ((fourth.getUTCDay() || 7) - 1) * 86_400_000
  return day(new Date(monday + (number! - 1) * 7 * 86_400_000))
}

/** The week `by` weeks later. */
export function weekAfter(week: string, by: number): string {
  return weekOf(day(new Date(Date.parse(`${mondayOf(week)}T00:00:00Z`) + by * 7 * 86_400_000)))
}

/** Now in Shanghai, as a date. */
export function today(): string {
  return day(new Date(Date.now() + 8 * 3_600_000))
}
