// The desk's pages in a real browser, before a real ledger; what they show is compared with what `bihuan` prints.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerReport, LedgerRow } from '../../src/api/reports'
import type { StreamHistory } from '../../src/api/events'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
let rows: LedgerRow[]
const look: Desk['look'] = (...of) => desk.look(...of)

beforeAll(async () => {
  desk = await openDesk()
  rows = desk.report.rows
})
afterAll(() => desk.close())

const moment = (page: Page, says: RegExp): Promise<void> =>
  page.locator('[data-test=moment]', { hasText: says }).waitFor()
const total = (page: Page, count: number): Promise<void> =>
  page.locator('[data-test=total]', { hasText: new RegExp(`^${count} 条$`) }).waitFor()

describe('signing in', () => {
  it('comes before every page, and leads on to the page asked for', async () => {
    const { page } = await desk.enter('/ledger?light=red', '')
    await page.locator('[data-test=token]').fill('nobody')
    await page.locator('[data-test=enter]').click()
    await page.getByRole('alert').waitFor()
    await page.locator('[data-test=token]').fill(desk.server.token('office_lead'))
    await page.locator('[data-test=enter]').click()
    await page.locator('[data-test=total]').waitFor()
    expect(page.url()).toContain('#/ledger?light=red')
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })
})

describe('the closed-loop ledger', () => {
  it('counts and shows the rows of the report, to the last one', () =>
    look(
      '/ledger',
      async (page) => {
        await total(page, rows.length)
        const grid = page.getByRole('grid')
        await grid.getByRole('row').nth(1).focus()
        await page.keyboard.press('End')
        const last = page.locator(`[data-index="${rows.length - 1}"]`, { hasText: rows.at(-1)!.appeal })
        await last.waitFor()
        expect(await grid.getByRole('row').count()).toBeLessThan(80)
        await page.keyboard.press('Enter')
        await page.locator('[data-test=status]').waitFor()
        expect(page.url()).toContain(`/appeal/${rows.at(-1)!.appeal}`)
      },
      undefined,
      'inspector',
    ))

  it('filters by light, by address as well', async () => {
    const yellowOrRed = rows.filter((row) => row.light === 'red').length
    expect(yellowOrRed).toBeGreaterThan(0)
    await look('/ledger?light=red', async (page) => {
      await total(page, yellowOrRed)
      expect(await page.locator('.light.red').count()).toBeGreaterThan(0)
      expect(await page.locator('.light.green').count()).toBe(0)
    })
  })

  it('filters by category and by the days of submission, and the printed head says so', async () => {
    const { category, submitted_at } = rows[Math.floor(rows.length / 2)]!
    const [from, to] = [submitted_at.slice(0, 10), submitted_at.slice(0, 10)]
    const inPeriod = rows.filter((row) => row.submitted_at.slice(0, 10) >= from)
    const own = inPeriod.filter((row) => row.category === category)
    expect(own.length).toBeLessThan(inPeriod.length)
    await look('/ledger', async (page) => {
      await page.locator('[data-test=category]').click()
      await page.getByRole('option', { name: category, exact: true }).click()
      await total(page, rows.filter((row) => row.category === category).length)
      const day = page.getByPlaceholder('提出日期自')
      await day.fill(from)
      await day.press('Enter')
      await total(page, own.length)
      expect(decodeURIComponent(page.url())).toContain(`category=${category}&from=${from}`)
      await page.getByPlaceholder('提出日期至').fill(to)
      await page.getByPlaceholder('提出日期至').press('Enter')
      await total(page, own.filter((row) => row.submitted_at.slice(0, 10) <= to).length)
      await page.evaluate(() => {
        window.print = () => undefined
      })
      await page.locator('[data-test=print]:enabled').click()
      await page.locator('[data-test=printed]', { hasText: `${category} · ${from} 起 · 至 ${to}` }).waitFor({
        state: 'attached',
      })
    })
  })

  it('gives the rows shown as a file', () =>
    look('/ledger?light=red', async (page) => {
      await total(page, rows.filter((row) => row.light === 'red').length)
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('[data-test=csv]').click(),
      ])
      const saved = readFileSync(await download.path(), 'utf8')
      expect(saved.replace(/^\uFEFF/, '')).toBe(
        desk.ledger.tell('report', 'closed-loop', '--light', 'red', '--format', 'csv'),
      )
    }))

  it('stands as of a past event, and says so', async () => {
    const seq = 1500
    const then = JSON.parse(
      desk.ledger.tell('report', 'closed-loop', '--seq', String(seq), '--format', 'json'),
    ) as LedgerReport
    expect(then.rows.length).toBeLessThan(rows.length)
    await look(`/ledger?seq=${seq}`, async (page) => {
      await total(page, then.rows.length)
      await moment(page, new RegExp(`正在看过去.*事件号 ${seq}`))
      await page.locator('[data-test=go-live]').click()
      await total(page, rows.length)
      await moment(page, /^(?!.*正在看过去).*事件号/)
    })
  })

  it('has no barrier, at a desk and on a phone', () =>
    look('/ledger?light=red', async (page) => {
      await page.locator('.light.red').first().waitFor()
      expect(await violations(page)).toEqual([])
      await page.setViewportSize(phone)
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
        .toBe(true)
      expect(await violations(page)).toEqual([])
    }))
})

describe('a case', () => {
  const aCase = (): { no: string; history: StreamHistory } => {
    const no = rows.find((row) => row.red_cards > 0 && row.closed_at)!.appeal
    return { no, history: JSON.parse(desk.ledger.tell('history', `appeal/${no}`)) as StreamHistory }
  }

  it('moves through its own life by the slider', async () => {
    const { no, history } = aCase()
    await look(`/appeal/${no}`, async (page) => {
      const shown = page.locator('.timeline > li')
      await page.locator('[data-test=status]', { hasText: '已销号' }).waitFor()
      expect(await shown.count()).toBe(history.events.length)
      await page.locator('[data-test=slider]').fill('1')
      await page.waitForURL(`**/*seq=${history.events[1]!.seq}`)
      await expect.poll(() => shown.count()).toBe(2)
      expect(await page.locator('[data-test=status]').textContent()).toBe('已受理')
      await page.locator('[data-test=slider]').press('ArrowRight')
      await expect.poll(() => shown.count()).toBe(3)
      expect(await violations(page)).toEqual([])
    })
  })

  it('proves its events to the reader: with a key, without one, and not when a byte is altered', async () => {
    const { no } = aCase()
    const vkey = desk.ledger.tell('checkpoint', '--vkey').trim()
    await look(`/appeal/${no}`, async (page) => {
      const verdict = (is: string): Promise<void> => page.locator(`[data-verdict=${is}]`).waitFor()
      await page.locator('[data-test=prove]').first().click()
      await verdict('open')
      await page.locator('#vkey').fill(vkey)
      await verdict('holds')
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.route('**/v1/proofs/*', async (route) => {
        const text = await (await route.fetch()).text()
        const lines = text.split('\n')
        lines[3] = lines[4]! // one sibling on the path in place of another
        await route.fulfill({ contentType: 'text/plain', body: lines.join('\n') })
      })
      await page.locator('[data-test=prove]').last().click()
      await verdict('fails')
    })
  })

  it('fits a phone', () =>
    look(
      `/appeal/${aCase().no}`,
      async (page) => {
        await page.locator('[data-test=status]').waitFor()
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        expect(await violations(page)).toEqual([])
      },
      phone,
    ))
})
