// The built pages as bihuand itself serves them, under its security policy: no stand-in between.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LedgerReport } from '../../src/api/reports'
import { enter, openBrowser } from './browser'
import { makeLedger, type LedgerUnderTest } from './ledger_under_test'
import { openBihuand, type Bihuand } from './open_bihuand'
import { phone } from './open_desk'

let ledger: LedgerUnderTest
let server: Bihuand
let browser: Browser
let url: string
let token: string
let expected: LedgerReport
let vkey: string
let kept: string

beforeAll(async () => {
  ledger = makeLedger(60)
  expected = JSON.parse(ledger.tell('report', 'closed-loop', '--format', 'json')) as LedgerReport
  vkey = ledger.tell('checkpoint', '--vkey').trim()
  kept = ledger.tell('checkpoint')
  server = await openBihuand(ledger)
  url = server.url
  token = server.tokens['office_lead']!
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  ledger.remove()
})

/** Holds also that the browser refused nothing and had nothing to complain about. */
async function look(path: string, at: (page: Page) => Promise<void>): Promise<void> {
  const { page, errors } = await enter(browser, `${url}/#${path}`, token)
  await at(page)
  expect(errors).toEqual([])
  await page.context().close()
}

it('the ledger on the page has as many rows as the report', () =>
  look('/ledger', async (page) => {
    const count = new RegExp(`^${expected.rows.length} 条$`)
    await page.locator('[data-test=total]', { hasText: count }).waitFor()
  }))

it('charts are drawn, and the page may run nothing but the server’s own scripts', async () => {
  await look('/overview', (page) => page.locator('canvas, svg').first().waitFor())
  const { page, errors } = await enter(browser, `${url}/#/overview`, token)
  const refused = await page.evaluate(() => {
    const said = new Promise<string>((done) => {
      document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective))
    })
    const script = document.createElement('script')
    script.src = 'data:text/javascript,window.stranger=1'
    document.head.append(script)
    return said
  })
  expect(refused).toBe('script-src-elem')
  expect(await page.evaluate(() => 'stranger' in window)).toBe(false)
  expect(errors.filter((error) => !error.includes('data:text/javascript'))).toEqual([])
  await page.context().close()
})

it('a checkpoint that was kept is continued, and an event is proved, by the browser’s own computing', () =>
  look('/inspector', async (page) => {
    const holds = (): Promise<void> => page.locator('[data-verdict=holds]').first().waitFor()
    await page.locator('#inspector-vkey').fill(vkey)
    await page.locator('#brought').fill(kept)
    await page.locator('[data-test=continuation]').click()
    await holds()
    await page.locator('[data-test=event-seq] input, input[data-test=event-seq]').first().fill('14')
    await page.locator('[data-test=event]').click()
    await page.getByRole('cell', { name: /^department\/\S+ · 版本 \d/ }).waitFor()
    expect(await page.locator('[data-verdict=fails]').count()).toBe(0)
  }))

it('the phone’s pages, once kept, open without a line', async () => {
  const { page, errors } = await enter(browser, `${url}/#/phone`, server.tokens['enterprise']!, phone)
  await page.locator('html[data-kept]').waitFor({ state: 'attached' })
  expect(errors).toEqual([])
  await page.context().setOffline(true)
  await page.reload()
  await page.locator('[data-test=no-line]').waitFor()
  await page.context().close()
})
