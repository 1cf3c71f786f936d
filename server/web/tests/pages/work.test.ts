// The desks where work is done: dispatching, and a department's own.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import type { LedgerRow } from '../../src/api/reports'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
let rows: LedgerRow[]
beforeAll(async () => {
  desk = await openDesk()
  rows = desk.report.rows
})
afterAll(() => desk.close())

async function work(role: string, path: string, at: (page: Page) => Promise<void>): Promise<void> {
  const { page, errors } = await desk.enter(path, role)
  await page.locator('[data-test=rehearsal]', { hasText: '演练' }).waitFor()
  await at(page)
  expect(errors).toEqual([])
  expect(await violations(page)).toEqual([])
  await page.setViewportSize(phone)
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0)
  await page.context().close()
}

it('the dispatch desk shows what waits, and by when it would be due, before anything is sent', async () => {
  const waiting = rows.find((row) => row.status === 'accepted')!
  await work('office_clerk', '/dispatch?status=accepted', async (page) => {
    await page.locator(`[data-appeal=${waiting.appeal}]`).click()
    await page.locator('[data-test=preview] li', { hasText: '工作日' }).first().waitFor()
    expect(await page.locator('[data-test=matter-1]').inputValue()).toBe(waiting.title)
    expect(await page.locator('[data-test=dispatch]').isDisabled()).toBe(true)
  })
})

it('a department sees its own open assignments, what is due first before the rest, and what it may do', async () => {
  const open = new Set(['dispatched', 'signed', 'contacted', 'returning', 'long_term'])
  const department = rows.find((row) => open.has(row.status))!.department!
  const own = rows.filter((row) => row.department === department && open.has(row.status))
  await work(`department_officer:${department}`, '/department', async (page) => {
    const shown = page.locator('[data-appeal]')
    await shown.first().waitFor()
    const numbers = await shown.evaluateAll((all) => all.map((one) => one.getAttribute('data-appeal')))
    expect(new Set(numbers)).toEqual(new Set(own.map((row) => row.appeal)))
    const dues = numbers.map((no) => own.find((row) => row.appeal === no)!.completion_due ?? '9999')
    expect(dues).toEqual([...dues].sort())
    await shown.first().click()
    await page.locator('[data-act=ReportCompletion]').waitFor()
    expect(await page.locator('[data-act=ApproveExtension]').count()).toBe(0)
  })
})
