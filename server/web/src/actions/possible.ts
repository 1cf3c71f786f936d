// What may be asked of the ledger now, about one subject, by one person; and what stands in the way of the rest. The
// manual decides what is offered, the ledger what is recorded: its refusal is shown as it says it.
import type { CommandManual } from '../../commands'
import type { Me } from '../api/identity'
import type { LedgerRow } from '../api/reports'

/** An appeal, or one assignment of it. */
export interface Subject {
  lifecycle: '诉求' | '承办单'
  /** Its status; 'none' for an assignment that is still to be made. */
  status: string
  matter?: number
  department?: string
}

export interface Possible {
  manual: CommandManual
  isAllowed: boolean
  /** Statuses in which this person might ask it; empty when no status would do for their role. */
  statuses: string[]
  /** Who may ask it at all. */
  roles: string[]
}

/** Every command of the subject's lifecycle, in the manual's order. */
export function possible(commands: CommandManual[], subject: Subject, me: Me): Possible[] {
  return commands.flatMap((manual) => {
    const ways = manual.ways.filter((way) => way.lifecycle === subject.lifecycle)
    if (ways.length === 0) return []
    const mine = ways.filter((way) => way.by.includes(me.role))
    const isOwn = me.role !== 'department_officer' || subject.department === me.department
    return [
      {
        manual,
        isAllowed: isOwn && mine.some((way) => way.from.includes(subject.status)),
        statuses: isOwn ? [...new Set(mine.flatMap((way) => way.from))] : [],
        roles: [...new Set(ways.flatMap((way) => way.by))],
      },
    ]
  })
}

const ofAppeal = new Set([
  'submitted',
  'supplement_requested',
  'accepted',
  'concluded',
  'answered',
  'closed',
  'rejected',
  'withdrawn',
  'merged',
  'transferred',
  'shelved',
  'excluded',
])

/** The subjects of a case, from its rows: the appeal, its assignments, and the one that could be made next. */
export function subjectsOf(rows: LedgerRow[]): Subject[] {
  const whole = rows.find((row) => ofAppeal.has(row.status))?.status
  const appeal: Subject = { lifecycle: '诉求', status: whole ?? 'accepted' }
  const assignments = rows
    .filter((row) => row.matter !== null && row.department !== null && !ofAppeal.has(row.status))
    .map((row): Subject => ({
      lifecycle: '承办单',
      status: row.status,
      matter: row.matter!,
      department: row.department!,
    }))
  const next: Subject[] = appeal.status === 'accepted' ? [{ lifecycle: '承办单', status: 'none' }] : []
  return rows.length === 0 ? [] : [appeal, ...assignments, ...next]
}
