import { describe, expect, it } from 'vitest'
import manual from 'virtual:manual'
import { actsOn } from '../../src/acts/acts'
import { standingAfter } from '../../src/acts/standing'
import { workdaysLeft } from '../../src/api/deadlines'
import type { LedgerEvent } from '../../src/api/events'
import type { LedgerRow } from '../../src/api/reports'
import { duplicatesOf } from '../../src/pages/desk/duplicates'

let seq = 0
const happened = (event: string, data: Record<string, unknown> = {}): LedgerEvent =>
  ({ seq: ++seq, event, data, actor: { id: 'x', role: 'office_lead' } }) as unknown as LedgerEvent
const at = { matter: 1, department: 'D01' }
const dispatched = [
  happened('AppealSubmitted'),
  happened('AppealAccepted'),
  happened('AppealDecomposed', { matters: [{ matter: 1, text: '一', lead: 'D01' }] }),
  happened('AssignmentDispatched', { ...at, duty: 'lead', track: 'standard' }),
]

describe('the manual of commands', () => {
  it('is read whole: every command records an event, has a step, and every field has a kind', () => {
    expect(manual.length).toBeGreaterThan(55)
    for (const page of manual) {
      expect(page.event).toMatch(/^[A-Z]/)
      expect(page.steps.length).toBeGreaterThan(0)
    }
    const rate = manual.find((page) => page.command === 'RateAppeal')!
    expect(rate.steps).toEqual([{ lifecycle: '评价', from: ['invited'], to: 'rated', by: ['enterprise'] }])
    expect(rate.fields.map((field) => field.kind)).toEqual(['number', 'texts', 'text'])
  })
})

describe('where a case stands', () => {
  it('follows its events through the printed tables', () => {
    const standing = standingAfter([...dispatched, happened('AssignmentSigned', at)])
    expect(standing.appeal).toBe('accepted')
    expect(standing.assignments).toMatchObject([{ ...at, status: 'signed', duty: 'lead' }])
    expect(standing.matters).toEqual([{ matter: 1, text: '一', lead: 'D01', co: [] }])
  })

  it('is back where it was when a return is refused, and in two places when it was granted', () => {
    const asked = [...dispatched, happened('AssignmentSigned', at), happened('ReturnRequested', at)]
    expect(standingAfter(asked).assignments[0]).toMatchObject({ status: 'returning', asked: 'return' })
    const refused = standingAfter([...asked, happened('ReturnRefused', at)])
    expect(refused.assignments[0]).toMatchObject({ status: 'signed', asked: '' })
    const other = { matter: 1, department: 'D02' }
    const moved = [
      ...asked,
      happened('ReturnApproved', at),
      happened('AssignmentDispatched', { ...other, duty: 'lead', track: 'standard' }),
    ]
    expect(standingAfter(moved).assignments.map((one) => one.status)).toEqual(['returned', 'dispatched'])
  })

  it('keeps the last clock of each duty, and the round of the last conclusion', () => {
    const clock = (due: string) => ({ obligation: 'completion', due, workdays: 3, provisional: false })
    const standing = standingAfter([
      ...dispatched,
      happened('ExtensionRequested', { ...at, workdays: 2 }),
      happened('ExtensionApproved', { ...at, dues: [clock('2021-02-02T00:00:00+08:00')] }),
      happened('CompletionReported', at),
      happened('AppealConcluded', { round: 1 }),
      happened('RatingInvited', { round: 1 }),
      happened('RatingSubmitted', { level: 1 }),
      happened('AppealReopened'),
    ])
    expect(standing.assignments[0]!.dues).toEqual([clock('2021-02-02T00:00:00+08:00')])
    expect(standing.appeal).toBe('accepted')
    expect(standing.rating).toBe('rated')
    expect(standing.assignments[0]!.status).toBe('completed')
  })
})

describe('what may be done', () => {
  const officer = { id: 'o', role: 'department_officer', department: 'D01' }
  const open = (events: LedgerEvent[], who: { id: string; role: string; department?: string }): string[] =>
    actsOn(standingAfter(events), who).open.map((act) => act.page.command)

  it('is of the role, of the status, and of one’s own department', () => {
    expect(open(dispatched, officer)).toContain('SignAssignment')
    expect(open(dispatched, { ...officer, department: 'D02' })).toEqual([])
    expect(open(dispatched, { id: 'c', role: 'office_clerk' })).not.toContain('SignAssignment')
    expect(open(dispatched.slice(0, 1), { id: 'c', role: 'office_clerk' })).toContain('AcceptAppeal')
    expect(open(dispatched.slice(0, 2), { id: 'c', role: 'office_clerk' })).not.toContain('AcceptAppeal')
  })

  it('is of the lead or of a co-handler, where the guards say so', () => {
    const co = happened('AssignmentDispatched', { ...at, duty: 'co', track: 'standard' })
    expect(open(dispatched, officer)).toContain('RequestExtension')
    expect(open(dispatched, officer)).not.toContain('FileCoOpinion')
    expect(open([...dispatched.slice(0, 3), co], officer)).toContain('FileCoOpinion')
    expect(open([...dispatched.slice(0, 3), co], officer)).not.toContain('RequestExtension')
  })

  it('rules only on what was asked for', () => {
    const lead = { id: 'l', role: 'office_lead' }
    expect(open(dispatched, lead)).not.toContain('ApproveExtension')
    const asked = [...dispatched, happened('ExtensionRequested', { ...at, workdays: 2 })]
    expect(open(asked, lead)).toContain('ApproveExtension')
    expect(open(asked, lead)).not.toContain('ApproveLongTerm')
  })

  it('leaves no command without a word on why not', () => {
    const { open: may, barred } = actsOn(standingAfter(dispatched), officer)
    const all = new Set([...may, ...barred].map((one) => one.page.command))
    expect(all.size).toBe(manual.length)
    expect(barred.find((one) => one.page.command === 'AcceptAppeal')).toMatchObject({ why: 'role' })
    expect(barred.find((one) => one.page.command === 'ReportProgress')).toMatchObject({ why: 'status' })
  })
})

describe('working days', () => {
  const worked = new Set(['2021-09-17', '2021-09-18', '2021-09-22', '2021-09-23'])
  const days = Array.from({ length: 8 }, (_, i) => ({
    date: `2021-09-${17 + i}`,
    workday: worked.has(`2021-09-${17 + i}`),
  }))

  it('are counted down to a due by the days that the ledger says are worked', () => {
    const due = '2021-09-23T00:00:00.000000+08:00'
    expect(workdaysLeft(due, '2021-09-17', { days })).toBe(2)
    expect(workdaysLeft(due, '2021-09-22', { days })).toBe(0)
    expect(workdaysLeft('2021-10-09T00:00:00.000000+08:00', '2021-09-17', { days })).toBeUndefined()
  })
})

describe('duplicates', () => {
  const row = (no: number, title: string, enterprise: string): LedgerRow =>
    ({ no, appeal: `A${no}`, title, enterprise, category: '政策兑现' }) as LedgerRow
  const mine = row(1, '奖补资金未到账', 'E1')

  it('are worded alike, best first, and never the appeal itself', () => {
    const others = [
      row(2, '道路积水', 'E1'),
      row(3, '奖补资金至今未到账', 'E2'),
      row(4, '奖补资金未到账', 'E1'),
      mine,
    ]
    expect(duplicatesOf(mine, others).map((one) => one.no)).toEqual([4, 3])
  })
})
