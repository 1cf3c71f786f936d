// The built pages as bihuand serves them: its security policy, what comes over the line, who may see what, and live.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StreamHistory } from '../../src/api/events'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
let vkey: string
let kept: string
let first: StreamHistory

beforeAll(async () => {
  desk = await openDesk({
    cases: 60,
    prepare: (ledger) => {
      vkey = ledger.tell('checkpoint', '--vkey').trim()
      kept = ledger.tell('checkpoint')
      first = JSON.parse(ledger.tell('history', 'supervisor/JD001')) as StreamHistory
    },
    isNow: true,
  })
})
afterAll(() => desk.close())

const look = (path: string, at: (page: Page) => Promise<void>): Promise<void> => desk.look(path, at)

it('the ledger on the page has as many rows as the report', () =>
  look('/ledger', async (page) => {
    const count = new RegExp(`^${desk.report.rows.length} 条$`)
    await page.locator('[data-test=total]', { hasText: count }).waitFor()
  }))

it('charts are drawn, and the page may run nothing but the server’s own scripts', async () => {
  await look('/overview', (page) => page.locator('canvas, svg').first().waitFor())
  const { page, errors } = await desk.enter('/overview', 'office_lead')
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
  const { page, errors } = await desk.enter('/phone', 'enterprise', phone)
  await page.locator('html[data-kept]').waitFor({ state: 'attached' })
  expect(errors).toEqual([])
  await page.context().setOffline(true)
  await page.reload()
  await page.locator('[data-test=no-line]').waitFor()
  await page.context().close()
})

/** What the first opening of a page brought over the line, in KB as sent, the ledger's answers apart. */
async function firstLoad(path: string, role: string, ready: string): Promise<number> {
  const context = await desk.browser.newContext()
  await context.addInitScript((its) => sessionStorage.setItem('token', its), desk.server.token(role))
  const page = await context.newPage()
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    if (new URL(request.url()).pathname.startsWith('/v1/')) return
    sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize))
  })
  await page.goto(`${desk.server.url}/#${path}`)
  await page.locator(ready).first().waitFor()
  // What comes later is not part of it, and may be broken off by closing.
  page.removeAllListeners('requestfinished')
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  await context.close()
  return bytes / 1024
}

it('the phone opens with less than 300 KB, the desk with less than 700 KB', async () => {
  const sizes = {
    phone: await firstLoad('/phone', 'enterprise', '[data-test=new]'),
    desk: await firstLoad('/overview', 'office_lead', 'canvas, .chart svg'),
    ledger: await firstLoad('/ledger', 'office_lead', '[data-index="3"]'),
  }
  console.info('first load, KB:', sizes)
  expect(sizes.phone).toBeGreaterThan(30)
  expect(sizes.phone).toBeLessThan(300)
  expect(sizes.desk).toBeLessThan(700)
  expect(sizes.ledger).toBeLessThan(700)
})

it('a department’s officer has no feed and no page of others, and nothing fails because of it', async () => {
  const { page, errors } = await desk.enter('/', 'department_officer:D01')
  await page.locator('[data-test=moment]', { hasText: '每半分钟更新' }).waitFor()
  const menu = await page.locator('nav a').allTextContents()
  expect(menu).toEqual(['承办', '闭环台账', '政策辞典', '检查回放'])
  for (const name of menu) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.locator('h1').waitFor()
  }
  expect(await page.getByRole('alert').count()).toBe(0)
  // A year without a published calendar is asked for and not there.
  expect(errors.filter((error) => !error.includes('404'))).toEqual([])
  await page.context().close()
})

it('the wall follows the ledger by itself', async () => {
  const { page } = await desk.enter('/overview?wall=1', 'office_lead', {
    width: 1920,
    height: 1080,
  })
  const submitted = page.locator('button.tile', { hasText: '本周新增' }).locator('strong')
  await page.locator('[data-test=wall-live]', { hasText: '实时' }).waitFor()
  const before = Number(await submitted.textContent())
  await desk.order('office_lead', 'SubmitAppeal', 'appeal/SQ2026-WALL', {
    enterprise: desk.report.rows[0]!.enterprise,
    channel: 'phone',
    category: '其他',
    title: '大屏',
    text: '大屏',
  })
  await expect.poll(() => submitted.textContent()).toBe(String(before + 1))
  await page.context().close()
})

it('the roll of supervisors has everybody who was ever appointed, and no name', async () => {
  const { page, errors } = await desk.enter('/supervision', 'office_lead')
  await page.getByText('监督员名册').click()
  const rows = page.locator('[data-test=roll] tbody tr')
  await rows.first().waitFor()
  const appointed = first.events.findLast(({ event }) => /^Supervisor(Rea|A)ppointed$/.test(event))!
  expect(await rows.first().textContent()).toContain(String(appointed.data.until))
  expect(await rows.count()).toBe(45)
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
  await page.context().close()
})
