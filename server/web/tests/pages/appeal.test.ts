// One appeal from an enterprise's phone to its closing, by five people in five browsers before bihuand itself: returned,
// dispatched again, made long-term, completed, concluded, called back, rated badly, put right, closed.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StreamHistory } from '../../src/api/events'
import type { LedgerReport, LedgerRow } from '../../src/api/reports'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ cases: 20, isNow: true })
})
afterAll(() => desk.close())

/** What the ledger says of the appeal, asked beside the pages. */
async function rowsOf(no: string): Promise<LedgerRow[]> {
  const response = await fetch(`${desk.server.url}/v1/reports/closed-loop?appeal=${no}`, {
    headers: { authorization: `Bearer ${desk.server.token('office_lead')}` },
  })
  return ((await response.json()) as LedgerReport).rows
}
const row = async (no: string, department: string): Promise<LedgerRow> =>
  (await rowsOf(no)).find((one) => one.department === department)!

async function nameOf(department: string): Promise<string> {
  const response = await fetch(`${desk.server.url}/v1/streams/department/${department}`, {
    headers: { authorization: `Bearer ${desk.server.token('office_lead')}` },
  })
  const { events } = (await response.json()) as StreamHistory
  return String(events[0]!.data.name)
}

interface Person {
  page: Page
  act: (command: string, fields?: Record<string, string | number | boolean>) => Promise<void>
}

async function choose(page: Page, id: string, option: string | RegExp): Promise<void> {
  const select = page.locator('.el-select', { has: page.locator(id) })
  // A list that closes under the pointer (the page was just drawn anew) is opened again, as a person would.
  await expect
    .poll(async () => {
      await select.click()
      await page
        .locator('.el-select-dropdown__item:visible', { hasText: option })
        .first()
        .click({ timeout: 5_000 })
        .catch(() => undefined)
      return select.textContent()
    })
    .toMatch(option)
}

async function person(role: string, no: string): Promise<Person> {
  const { page } = await desk.enter(`/appeal/${no}`, role)
  // The office's pages follow the ledger by themselves; an officer's, which has no feed, looks again.
  const follows = role.startsWith('office_')
  const act: Person['act'] = async (command, fields = {}) => {
    if (!follows) await page.reload()
    await page.locator(`[data-act=${command}]`).click()
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'boolean')
        await page.locator(`[data-test=${name}-${value ? 'yes' : 'no'}]`).click()
      else if (typeof value === 'number') await page.locator(`#act-${name}`).fill(String(value))
      else if (value.startsWith('=')) await choose(page, `#act-${name}`, value.slice(1))
      else await page.locator(`#act-${name}`).fill(value)
    }
    await page.locator('[data-test=act-send]').click()
    await page.locator('[data-test=act-receipt]').waitFor()
    await page.locator('[data-test=act-close]').click()
  }
  return { page, act }
}

async function file(page: Page): Promise<string> {
  await page.locator('[data-test=new]').click()
  await page.getByText('政策兑现').click()
  await page.locator('[data-test=title]').fill('奖补资金未到账')
  await page.locator('[data-test=send]').click()
  await page.locator('[data-test=status]', { hasText: '已提交' }).waitFor()
  return /appeal\/([^?]+)/.exec(page.url())![1]!
}

async function dispatch(clerk: Person, department: string): Promise<void> {
  const { page } = clerk
  await page.locator('[data-test=preview] li').first().waitFor()
  // As in choose(): a list that closes under the pointer is opened again.
  const send = page.locator('[data-test=dispatch]')
  await expect
    .poll(async () => {
      await page.locator('[data-test=lead-1]').click()
      await page
        .locator('.el-select-dropdown__item:visible')
        .nth(Number(department.slice(1)) - 1)
        .click({ timeout: 5_000 })
        .catch(() => undefined)
      return send.isEnabled()
    })
    .toBe(true)
  await send.click()
  const refused = page.locator('[data-test=decompose] .wrong')
  await page.locator('[data-act=CancelAssignment]').or(refused).first().waitFor()
  expect(await refused.allTextContents()).toEqual([])
}

it('an appeal goes its whole way, and the ledger says so at each step', async () => {
  const { page: enterprise } = await desk.enter('/phone', 'enterprise', phone)
  const no = await file(enterprise)
  const clerk = await person('office_clerk', no)
  const lead = await person('office_lead', no)
  const first = await person('department_officer:D01', no)
  const second = await person('department_officer:D02', no)

  await clerk.act('AcceptAppeal')
  await dispatch(clerk, 'D01')
  expect(await row(no, 'D01')).toMatchObject({ status: 'dispatched', duty: 'lead', light: 'green' })
  await first.act('SignAssignment')
  await first.act('RequestReturn', { reason: '不属于本单位职责' })
  expect((await row(no, 'D01')).status).toBe('returning')
  await clerk.act('ApproveReturn')
  await dispatch(clerk, 'D02')
  expect((await rowsOf(no)).map((one) => [one.department, one.status])).toContainEqual(['D02', 'dispatched'])

  await second.act('RecordContact', { method: '电话' })
  expect((await row(no, 'D02')).contacted_at).not.toBeNull()
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
  await second.act('RequestLongTerm', { plan: '分两批兑现', until })
  await lead.act('ApproveLongTerm')
  expect(await row(no, 'D02')).toMatchObject({ status: 'long_term', light: 'green' })
  await second.act('ReportProgress', { text: '第一批已拨付', percent: 50 })
  await second.act('ReportCompletion', { outcome: '=已解决', text: '全部拨付' })
  await clerk.act('AcceptCompletion')
  await lead.act('ConcludeAppeal', { outcome: '=已解决' })
  await clerk.act('AnswerAppeal', { text: '资金已拨付，请查收' })
  await clerk.act('RecordCallback', { reached: false })

  await enterprise.reload()
  await enterprise.locator('[data-step=答复].done', { hasText: '请查收' }).waitFor()
  const callback = enterprise.locator('[data-test=callback]')
  await callback.getByText('资金已拨付，请查收').waitFor()
  await callback.getByText('没有解决').click()
  expect(await enterprise.locator('[data-test=callback-send]').isDisabled()).toBe(true)
  await callback.getByText('不满意').click()
  expect(await violations(enterprise)).toEqual([])
  await enterprise.locator('[data-test=callback-send]').click()
  await enterprise.locator('[data-step=回访].done', { hasText: '您说：未解决' }).waitFor()
  expect(await callback.count()).toBe(0)
  expect((await row(no, 'D02')).callback).toEqual({ reached: true, solved: false, satisfied: false })

  await enterprise.locator('label', { has: enterprise.locator('[data-test=level-1]') }).click()
  expect(await enterprise.locator('[data-test=rate-send]').isDisabled()).toBe(true)
  await enterprise.getByText('问题未解决').click()
  expect(await violations(enterprise)).toEqual([])
  await enterprise.locator('[data-test=rate-send]').click()
  await enterprise.locator('[data-test=rated]').waitFor()
  expect((await row(no, 'D02')).rating).toBe(1)

  await clerk.act('AssignBadRating', { department: `=${await nameOf('D02')}` })
  await clerk.act('VerifyBadRating', { finding: '=属实' })
  await second.act('ReportRectification', { text: '已补发' })
  await clerk.act('AcceptRectification')
  await clerk.act('FeedBackRectification', { text: '已补发，请查收' })
  await enterprise.reload()
  await enterprise.locator('label', { has: enterprise.locator('[data-test=level-4]') }).click()
  await enterprise.locator('[data-test=rate-send]').click()
  await expect.poll(async () => (await row(no, 'D02')).rectification).toBe('fed_back')
  await lead.act('CloseAppeal')
  expect(await row(no, 'D02')).toMatchObject({ status: 'closed', light: null })
  await lead.page.reload()
  expect(await lead.page.locator('[data-act=RecordCallback]').count()).toBe(0)
  expect(await violations(lead.page)).toEqual([])
  for (const { page } of [clerk, lead, first, second]) await page.context().close()
})
