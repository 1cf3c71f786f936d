// The reports in a real browser: what stands on the page is what `bihuan` prints, and every figure opens its events.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Diff, Why } from '../../src/api/events'
import type { PlanReport, RatingsReport, SupervisionReport, WeeklyReport } from '../../src/api/reports'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const drawn = <R>(...args: string[]): R => JSON.parse(desk.ledger.tell(...args, '--format', 'json')) as R
const week = '2021-W38'
const asOf = '2021-09-26T12:00:00+08:00'
const weekly = (): WeeklyReport => drawn('report', 'weekly', '--week', week, '--as-of', asOf)
const at = `as_of=${encodeURIComponent(asOf)}`

/** No barrier at a desk, none on a phone, and nothing wider than the phone. */
async function holdsUp(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  await page.setViewportSize(phone)
  // Charts are drawn again for the new width when they are told of it.
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0)
}
const figure = (page: Page, label: string): ReturnType<Page['locator']> =>
  page.locator(`button.figure[aria-label^="${label}:"]`)

describe('the weekly report', () => {
  it('shows the figures of the report, and each opens the events that were counted', async () => {
    const report = weekly()
    const why = drawn<Why>('why', 'weekly', week, 'totals/concluded', '--as-of', asOf)
    expect(why.events.length).toBeGreaterThan(0)
    await desk.look(`/weekly?week=${week}&${at}`, async (page) => {
      await page.locator('[data-test=seq]', { hasText: String(report.seq) }).waitFor()
      for (const [name, value] of [
        ['新增', report.totals.submitted],
        ['在办', report.totals.open],
      ] as const)
        expect(await figure(page, `本周 ${name}`).textContent()).toBe(String(value))
      const row = report.departments.find(({ contact }) => contact.d > 0)!
      expect(await figure(page, `${row.name} 联系及时率`).textContent()).toMatch(
        `${row.contact.n}/${row.contact.d}`,
      )
      await holdsUp(page)
      await figure(page, '本周 办结').click()
      await page.locator('.events > li').first().waitFor()
      expect(await page.locator('.events > li').count()).toBe(why.events.length)
      await page.locator('.events a').first().click()
      await page.waitForURL(`**/appeal/*?seq=${why.events[0]!.seq}`)
    })
  })

  it('tells what changed since an earlier moment, and because of which events', async () => {
    const since = '2021-09-24T00:00:00'
    const diff = drawn<Diff>('diff', 'weekly', '--week', week, '--from', `${since}+08:00`, '--to', asOf)
    expect(diff.changes.length).toBeGreaterThan(0)
    await desk.look(`/weekly?week=${week}&${at}`, async (page) => {
      const input = page.getByPlaceholder('较早的时刻（北京时间）')
      await input.fill(since.replace('T', ' '))
      await input.press('Enter')
      await page.locator('[data-test=compare]').click()
      await page
        .locator('[data-test=changes]', { hasText: new RegExp(`^${diff.changes.length} 处变化$`) })
        .waitFor()
    })
  })
})

describe('the ratings', () => {
  it('print numerators and denominators, and a dash where there is nothing to divide by', async () => {
    const report = drawn<RatingsReport>(
      'report',
      'ratings',
      '--from',
      '2021-01-01',
      '--to',
      '2021-12-31',
      '--by',
      'week',
    )
    const none = report.groups!.find((group) => group.good.d === 0)!
    await desk.look('/ratings?by=week', async (page) => {
      await figure(page, '好评率').waitFor()
      expect(await figure(page, '好评率').textContent()).toMatch(
        new RegExp(`^${report.good.n}/${report.good.d}`),
      )
      expect(await figure(page, '非常满意').textContent()).toBe(String(report.levels['5']))
      expect(await figure(page, `${none.week} 好评率`).textContent()).toBe('-')
      await holdsUp(page)
    })
  })
})

describe('the overview', () => {
  it('counts the lights of the moment', async () => {
    const report = weekly()
    const reds = report.lights.filter((row) => row.light === 'red').length
    expect(reds).toBeGreaterThan(0)
    await desk.look(`/overview?${at}`, async (page) => {
      const tile = page.locator('button.tile')
      await tile.first().waitFor()
      expect(await tile.first().locator('strong').textContent()).toBe(String(reds))
      expect(await tile.nth(2).locator('strong').textContent()).toBe(String(report.totals.open))
      await holdsUp(page)
    })
  })
})

describe('the plan', () => {
  it('has all its tasks, and each opens its history', async () => {
    const report = drawn<PlanReport>('report', 'plan')
    const closed = report.environments.reduce((all, environment) => all + environment.closed, 0)
    expect(closed).toBeGreaterThan(0)
    await desk.look('/plan', async (page) => {
      await page.locator('[data-test=tasks]', { hasText: /^291 项$/ }).waitFor()
      await page.goto(`${desk.server.url}/#/plan?status=closed`)
      await page.locator('[data-test=tasks]', { hasText: new RegExp(`^${closed} 项$`) }).waitFor()
      await holdsUp(page)
      await page.locator('td button.figure').first().click()
      await page.locator('.events > li', { hasText: '立项' }).first().waitFor()
    })
  })
})

describe('supervisor reports', () => {
  it('never name a sealed reporter', async () => {
    const report = drawn<SupervisionReport>('report', 'supervision')
    const sealed = report.rows.filter((row) => row.supervisor === '保密')
    expect(sealed.length).toBeGreaterThan(0)
    await desk.look('/supervision', async (page) => {
      await page.locator('tbody td button.figure', { hasText: sealed[0]!.report }).click()
      await page.locator('.events > li').first().waitFor()
      expect(await page.locator('.events').textContent()).not.toMatch(/JD\d/)
      await page.keyboard.press('Escape')
      await page.locator('.events').waitFor({ state: 'hidden' })
      expect(await page.getByRole('cell', { name: '保密', exact: true }).count()).toBe(sealed.length)
      await holdsUp(page)
    })
  })
})
