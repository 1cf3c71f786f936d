import { describe, expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'
import { instant, isLive, momentIn, withMoment } from '../../src/moment/moment'
import { due, isLate, minute, mondayOf, weekAfter, weekOf } from '../../src/words/times'

describe('the moment in the address', () => {
  it('is an event number, an instant, or now', () => {
    expect(momentIn({ seq: '18613' })).toEqual({ seq: 18613 })
    expect(momentIn({ as_of: '2021-09-24T00:00:00+08:00' })).toEqual({ as_of: '2021-09-24T00:00:00+08:00' })
    expect(isLive(momentIn({ department: 'D07' }))).toBe(true)
  })

  it('is now when it cannot be read', () => {
    for (const query of [
      { seq: '-1' },
      { seq: '1.5' },
      { seq: 'x' },
      { as_of: 'yesterday' },
      { seq: ['1', '2'] },
    ])
      expect(momentIn(query as unknown as LocationQuery)).toEqual({})
  })

  it('changes without touching the filters', () => {
    expect(withMoment({ department: 'D07', seq: '1' }, { as_of: 'T' })).toEqual({
      department: 'D07',
      as_of: 'T',
    })
    expect(withMoment({ department: 'D07', seq: '1' }, {})).toEqual({ department: 'D07' })
  })

  it('takes a day up to its end', () => {
    expect(instant('2021-09-30')).toBe('2021-10-01T00:00:00+08:00')
    expect(instant('2021-09-30', '09:05')).toBe('2021-09-30T09:05:00+08:00')
  })
})

describe('times', () => {
  it('show a due as 24:00 of its last day, over the ends of months and years', () => {
    expect(due('2021-09-18T00:00:00.000000+08:00')).toBe('2021-09-17 24:00')
    expect(due('2022-01-01T00:00:00.000000+08:00')).toBe('2021-12-31 24:00')
    expect(minute('2021-09-18T16:06:21.000000+08:00')).toBe('2021-09-18 16:06')
    expect(due(null)).toBe('')
  })

  it('call met at the due itself late, and a microsecond before it in time', () => {
    expect(isLate('2021-09-18T00:00:00.000000+08:00', '2021-09-18T00:00:00.000000+08:00')).toBe(true)
    expect(isLate('2021-09-17T23:59:59.999999+08:00', '2021-09-18T00:00:00.000000+08:00')).toBe(false)
    expect(isLate(null, '2021-09-18T00:00:00.000000+08:00')).toBeUndefined()
  })

  it('know ISO weeks at the turn of the year', () => {
    expect(weekOf('2021-01-03')).toBe('2020-W53')
    expect(weekOf('2021-01-04')).toBe('2021-W01')
    expect(weekOf('2024-12-30')).toBe('2025-W01')
    expect(mondayOf('2021-W38')).toBe('2021-09-20')
    expect(weekAfter('2020-W53', 1)).toBe('2021-W01')
    expect(weekAfter('2021-W01', -1)).toBe('2020-W53')
  })
})
