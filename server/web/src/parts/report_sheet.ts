// What all sheets of reports share: the lines above the table, and figures as cells.
import type { Fraction, Stamp } from '../api/reports'
import { say } from '../words/say'
import { second } from '../words/times'
import type { Cell, Sheet } from './xlsx'

/** Title, and the moment that the figures were drawn from. */
export const sheetHead = (title: string, stamp: Stamp): string[] => [
  title,
  `${stamp.district} · ${say('截至', 'as of')} ${second(stamp.as_of)} · ${say('事件号', 'seq')} ${stamp.seq} · ${say('树根', 'root')} ${stamp.root}`,
]

/** A rate as three cells, numerator, denominator, rate; with nothing to divide by "-". */
export const rateCells = ({ n, d }: Fraction): Cell[] => [n, d, d === 0 ? '-' : { rate: n / d }]

/** The headings of a rate's three cells. */
export const rateColumns = (name: string): Sheet['columns'] => [
  { name: `${name} ${say('分子', 'n')}`, width: 70 },
  { name: `${name} ${say('分母', 'd')}`, width: 70 },
  { name, width: 80 },
]

export const timeCell = (time: string | null | undefined): Cell => (time ? { time } : null)

/** A due time is the exclusive instant after its last day: the cell says the last day, to whose 24:00 there is time. */
export function dueCell(time: string | null | undefined): Cell {
  if (!time) return null
  if (time.slice(11, 19) !== '00:00:00') return { time }
  return { day: new Date(Date.parse(`${time.slice(0, 10)}T00:00:00Z`) - 86_400_000).toISOString() }
}
