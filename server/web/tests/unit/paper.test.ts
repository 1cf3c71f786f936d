import { describe, expect, it } from 'vitest'
import { footRules } from '../../src/moment/print_foot'
import { dueCell, rateCells } from '../../src/parts/report_sheet'

describe('the foot of a printed sheet', () => {
  it('says the moment, the event number and the whole root', () => {
    const rules = footRules({ as_of: '2021-09-26T12:00:00.000000+08:00', seq: 7, root: 'ab+/=' })
    expect(rules).toContain('"截至 2021-09-26 12:00:00 · 事件号 7"')
    expect(rules).toContain('"树根 ab+/="')
    expect(rules).toContain('counter(page)')
  })

  it('lets nothing end its strings', () => {
    const rules = footRules({
      as_of: '2021-09-26T12:00:00.000000+08:00',
      seq: 7,
      root: '"; } * { display: none }',
    })
    expect(rules).toContain('"树根 \\22 ; } * { display: none }"')
  })
})

describe('a figure in a spreadsheet', () => {
  it('is a due day, not the instant after it', () => {
    expect(dueCell('2021-09-18T00:00:00.000000+08:00')).toEqual({ day: '2021-09-17T00:00:00.000Z' })
    expect(dueCell('2021-09-17T16:00:00.000000+08:00')).toEqual({ time: '2021-09-17T16:00:00.000000+08:00' })
    expect(dueCell(null)).toBeNull()
  })

  it('is a dash where there is nothing to divide by', () => {
    expect(rateCells({ n: 0, d: 0 })).toEqual([0, 0, '-'])
    expect(rateCells({ n: 1, d: 4 })).toEqual([1, 4, { rate: 0.25 }])
  })
})
