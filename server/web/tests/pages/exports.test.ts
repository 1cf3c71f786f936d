// Excel files that the pages write, read by openpyxl: they open, and hold numbers as numbers and times as times.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LedgerReport, RatingsReport, WeeklyReport } from '../../src/api/reports'
import type { PoliciesReport } from '../../src/api/policies'
import { givePolicies } from './given_policies'
import { openDesk, type Desk } from './open_desk'

type Cell = ['NoneType', null] | ['str' | 'time', string] | ['int' | 'float', number]
type Book = Record<string, Cell[][]>

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ prepare: givePolicies }) // after the moment that the other reports are of
})
afterAll(() => desk.close())

const reader = fileURLToPath(new URL('read_xlsx.py', import.meta.url))
const asOf = '2021-09-26T12:00:00+08:00'
const at = `as_of=${encodeURIComponent(asOf)}`
const drawn = <R>(...args: string[]): R =>
  JSON.parse(desk.ledger.tell('report', ...args, '--as-of', asOf, '--format', 'json')) as R

async function exported(page: Page): Promise<Book> {
  const button = page.locator('[data-test=xlsx]:enabled')
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/)
  const text = execFileSync('/usr/bin/python3', [reader, await download.path()], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return JSON.parse(text) as Book
}

/** The rows under the headings as objects by heading. */
function table(rows: Cell[][], headAt = 2): Record<string, Cell>[] {
  const names = rows[headAt]!.map(([, name]) => String(name))
  return rows.slice(headAt + 1).map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i]!, cell])))
}
const wall = (time: string): string => time.slice(0, 16)

it('the closed-loop ledger holds every row that meets the filters, with its seq and root above', async () => {
  const report = drawn<LedgerReport>('closed-loop', '--light', 'red')
  expect(report.rows.length).toBeGreaterThan(0)
  await desk.look(`/ledger?light=red&${at}`, async (page) => {
    const rows = (await exported(page))['闭环台账']!
    expect(rows[0]![0]![1]).toBe('闭环台账')
    expect(rows[1]![0]![1]).toContain(`事件号 ${report.seq} · 树根 ${report.root}`)
    const found = table(rows)
    expect(found.map((row) => row['编号'])).toEqual(report.rows.map((row) => ['str', row.appeal]))
    for (const [i, row] of report.rows.entries()) {
      expect(found[i]!['超期工作日']).toEqual(['int', row.overdue_workdays])
      expect(found[i]!['提出时间']![0]).toBe('time')
      expect(wall(String(found[i]!['提出时间']![1]))).toBe(wall(row.submitted_at))
    }
    const dispatched = report.rows.findIndex((row) => row.completion_due?.slice(11, 19) === '00:00:00')
    const due = report.rows[dispatched]!.completion_due!
    const lastDay = new Date(Date.parse(`${due.slice(0, 10)}T00:00:00Z`) - 86_400_000)
      .toISOString()
      .slice(0, 10)
    expect(found[dispatched]!['反馈时限']).toEqual(['time', `${lastDay}T00:00:00`])
  })
})

it('the weekly report is a sheet a part, its figures those of the report', async () => {
  const week = '2021-W38'
  const report = drawn<WeeklyReport>('weekly', '--week', week)
  await desk.look(`/weekly?week=${week}&${at}`, async (page) => {
    const book = await exported(page)
    expect(Object.keys(book)).toEqual([
      '总体',
      '部门',
      '红黄灯',
      '长期推进',
      '好差评',
      '监督员反映',
      '攻坚任务',
      '下周到期',
    ])
    const [now] = table(book['总体']!)
    expect([now!['新增'], now!['在办']]).toEqual([
      ['int', report.totals.submitted],
      ['int', report.totals.open],
    ])
    const departments = table(book['部门']!)
    expect(departments.length).toBe(report.departments.length)
    const i = report.departments.findIndex(({ contact }) => contact.d > 0)
    const { n, d } = report.departments[i]!.contact
    expect(departments[i]!['联系及时率 分子']).toEqual(['int', n])
    expect(Number(departments[i]!['联系及时率']![1])).toBeCloseTo(n / d, 9)
    const none = report.departments.findIndex(({ contact }) => contact.d === 0)
    expect(departments[none]!['联系及时率']).toEqual(['str', '-'])
    expect(table(book['红黄灯']!).length).toBe(report.lights.length)
  })
})

it('the ratings hold the whole and the groups', async () => {
  const report = drawn<RatingsReport>(
    'ratings',
    ...['--from', '2021-01-01', '--to', '2021-12-31', '--by', 'week'],
  )
  await desk.look(`/ratings?by=week&from=2021-01-01&to=2021-12-31&${at}`, async (page) => {
    const book = await exported(page)
    expect(Object.keys(book)).toEqual(['总体', '按周'])
    const groups = table(book['按周']!)
    expect(groups.map((row) => row['按周'])).toEqual(report.groups!.map(({ week }) => ['str', week]))
    expect(groups.map((row) => row['好评率 分母'])).toEqual(report.groups!.map(({ good }) => ['int', good.d]))
  })
})

it('the coverage holds a sheet a table, counts as numbers and the rate with what it is of', async () => {
  const report = JSON.parse(desk.ledger.tell('report', 'policies', '--format', 'json')) as PoliciesReport
  expect(report.totals.pushed).toBe(1)
  await desk.look('/coverage', async (page) => {
    const book = await exported(page)
    expect(Object.keys(book)).toEqual(['合计', '按政策', '按项目', '按镇街', '按行业', '按规模'])
    const [all] = table(book['合计']!)
    expect(all!['推送']).toEqual(['int', report.totals.pushed])
    expect(all!['覆盖率 分子']).toEqual(['int', report.totals.coverage.n])
    expect(all!['覆盖率 分母']).toEqual(['int', report.totals.coverage.d])
    const items = table(book['按项目']!)
    expect(items.map((row) => row['按项目'])).toEqual(report.items.map(({ title }) => ['str', title]))
    expect(items.map((row) => row['符合'])).toEqual(report.items.map(({ eligible }) => ['int', eligible]))
  })
})
