import { describe, expect, it } from 'vitest'
import commands from 'virtual:commands'
import { possible, subjectsOf, type Subject } from '../../src/actions/possible'
import type { LedgerRow } from '../../src/api/reports'

const row = (status: string, matter: number | null, department: string | null): LedgerRow =>
  ({ status, matter, department }) as LedgerRow
const allowed = (subject: Subject, role: string, department?: string): string[] =>
  possible(commands, subject, { id: 'x', role, ...(department ? { department } : {}) })
    .filter((one) => one.isAllowed)
    .map((one) => one.manual.command)

describe('the manual of commands', () => {
  it('gives each command its ways and its fields', () => {
    const decompose = commands.find((one) => one.command === 'DecomposeAppeal')!
    expect(decompose.ways).toEqual([
      { lifecycle: '诉求', from: ['accepted'], by: ['office_clerk', 'office_lead'] },
    ])
    expect(decompose.fields[0]!.parts.map((part) => part.name)).toEqual(['matter', 'text', 'lead', 'co'])
    const report = commands.find((one) => one.command === 'ReportCompletion')!
    expect(report.fields.find((field) => field.name === 'outcome')!.values).toContain('not_possible')
    expect(report.fields.find((field) => field.name === 'evidence')).toMatchObject({
      kind: 'list of texts',
      isNeeded: false,
    })
  })
})

describe('what may be done now', () => {
  const signed: Subject = { lifecycle: '承办单', status: 'signed', matter: 1, department: 'D07' }

  it('depends on the status and the role', () => {
    const submitted: Subject = { lifecycle: '诉求', status: 'submitted' }
    expect(allowed(submitted, 'office_clerk')).toEqual(
      expect.arrayContaining(['AcceptAppeal', 'RejectAppeal']),
    )
    expect(allowed(submitted, 'office_clerk')).not.toContain('ConcludeAppeal')
    expect(allowed(submitted, 'inspector')).toEqual([])
    expect(allowed({ lifecycle: '诉求', status: 'accepted' }, 'office_clerk')).not.toContain('ConcludeAppeal')
    expect(allowed({ lifecycle: '诉求', status: 'accepted' }, 'office_lead')).toContain('ConcludeAppeal')
  })

  it('is for a department its own assignments only', () => {
    expect(allowed(signed, 'department_officer', 'D07')).toContain('RecordContact')
    expect(allowed(signed, 'department_officer', 'D08')).toEqual([])
  })

  it('says what stands in the way', () => {
    const all = possible(commands, signed, { id: 'x', role: 'department_officer', department: 'D07' })
    const of = (command: string): object => all.find((one) => one.manual.command === command)!
    expect(of('ReportProgress')).toMatchObject({ isAllowed: false, statuses: ['long_term'] })
    expect(of('ApproveReturn')).toMatchObject({
      isAllowed: false,
      statuses: [],
      roles: ['office_clerk', 'office_lead'],
    })
  })

  it('is asked of the appeal, of each assignment, and of the next one while it is open', () => {
    expect(subjectsOf([row('signed', 1, 'D07'), row('redispatched', 1, 'D01')])).toEqual([
      { lifecycle: '诉求', status: 'accepted' },
      { lifecycle: '承办单', status: 'signed', matter: 1, department: 'D07' },
      { lifecycle: '承办单', status: 'redispatched', matter: 1, department: 'D01' },
      { lifecycle: '承办单', status: 'none' },
    ])
    expect(subjectsOf([row('closed', 1, 'D07')])).toEqual([{ lifecycle: '诉求', status: 'closed' }])
    expect(subjectsOf([])).toEqual([])
  })
})
