// What comes out of the printer, as a PDF read by poppler: A4, a title, and on each sheet its number, the moment, the
// event number and the tree root.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LedgerReport } from '../../src/api/reports'
import { openDesk, type Desk } from './open_desk'

let desk: Desk
let report: LedgerReport
const asOf = '2021-09-26T12:00:00+08:00'
const at = `as_of=${encodeURIComponent(asOf)}`
const folder = fileURLToPath(new URL('../../../../build/pictures', import.meta.url))
beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  desk = await openDesk()
  const text = desk.ledger.tell('report', 'closed-loop', '--as-of', asOf, '--format', 'json')
  report = JSON.parse(text) as LedgerReport
})
afterAll(() => desk.close())

async function printed(page: Page, name: string): Promise<{ sheets: string[]; info: string }> {
  const path = join(folder, `${name}.pdf`)
  await page.pdf({ path, preferCSSPageSize: true, printBackground: true })
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
  const info = execFileSync('pdfinfo', [path], { encoding: 'utf8' })
  return { sheets: text.split('\f').slice(0, -1), info }
}

function holdsUp({ sheets }: { sheets: string[] }, title: string): void {
  expect(sheets[0]).toContain(title)
  for (const [i, sheet] of sheets.entries()) {
    const text = sheet.replace(/\s/g, '') // poppler guesses where spaces are
    expect(text).toContain(`第${i + 1}页/共${sheets.length}页`)
    expect(text).toContain(`截至2021-09-2612:00:00·事件号${report.seq}`)
    expect(text).toContain(`树根${report.root}`)
  }
  expect(sheets.at(-1)).toContain('审核：')
}
const portrait = /Page size: +59[45](\.\d+)? x 84[12]/
const landscape = /Page size: +84[12](\.\d+)? x 59[45]/

it('the weekly report', () =>
  desk.look(`/weekly?week=2021-W38&${at}`, async (page) => {
    await page.locator('.chart svg').nth(1).waitFor()
    const paper = await printed(page, 'weekly')
    holdsUp(paper, '示例区营商环境诉求办理周报')
    expect(paper.info).toMatch(portrait)
    expect(paper.sheets.join()).not.toContain('打印 A4')
  }))

it('the ratings', () =>
  desk.look(`/ratings?by=week&${at}`, async (page) => {
    await page.locator('.chart svg').nth(1).waitFor()
    holdsUp(await printed(page, 'ratings'), '示例区好差评统计')
  }))

it('the closed-loop ledger, all rows that meet the filters, lying', () =>
  desk.look(`/ledger?light=red&${at}`, async (page) => {
    const red = report.rows.filter((row) => row.light === 'red')
    await page.evaluate(() => {
      window.print = () => undefined
    })
    await page.locator('[data-test=print]:enabled').click()
    await page.locator('[data-test=printed]').waitFor({ state: 'attached' })
    const paper = await printed(page, 'ledger')
    holdsUp(paper, '示例区营商环境诉求闭环台账')
    expect(paper.info).toMatch(landscape)
    expect(paper.sheets[0]).toContain(`共 ${red.length} 条`)
    await page.locator('[data-test=printed]').waitFor({ state: 'detached' })
  }))

it('a case, also from a dark screen', async () => {
  const row = report.rows.find((one) => one.red_cards > 0)!
  await desk.look(`/appeal/${row.appeal}?${at}`, async (page) => {
    await page.getByRole('button', { name: '深色' }).click()
    await page.locator('.timeline > li').first().waitFor()
    const paper = await printed(page, 'case')
    holdsUp(paper, '示例区营商环境诉求办理单')
    expect(paper.info).toMatch(portrait)
    expect(paper.sheets.join()).not.toContain('现在可以办的')
  })
})
