// An appeal handled in the browser by four persons in windows of their own: accepted, decomposed, dispatched, contacted,
// completed, concluded; what is recorded is then read with the command line.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StreamHistory } from '../../src/api/events'
import type { LedgerReport } from '../../src/api/reports'
import { violations } from './axe'
import { enter } from './browser'
import { openDesk, type Desk } from './open_desk'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

async function choose(page: Page, id: string, label: RegExp): Promise<void> {
  await page.locator(`#${id}`).press('Enter')
  await page.getByRole('option', { name: label }).filter({ visible: true }).click()
}

it('a case goes from the office to a department and back, and only who may act is offered to', async () => {
  const report = JSON.parse(desk.ledger.tell('report', 'closed-loop', '--format', 'json')) as LedgerReport
  const appeal = 'SQ2022-000001'
  const { enterprise } = report.rows[0]!
  const submitted = await fetch(`${desk.url}/v1/commands/SubmitAppeal`, {
    method: 'POST',
    headers: { authorization: `Bearer enterprise:${enterprise}`, 'idempotency-key': '"first"' },
    body: JSON.stringify({
      stream: `appeal/${appeal}`,
      data: { enterprise, channel: 'web', category: '项目建设', title: '施工许可', text: '请告知进度。' },
    }),
  })
  expect(submitted.status).toBe(201)
  const open = async (token: string): Promise<Page> =>
    (await enter(desk.browser, `${desk.url}/#/appeal/${appeal}`, token)).page
  const act = async (page: Page, command: string, fill: () => Promise<void>): Promise<void> => {
    await page.locator(`[data-test=${command}]`).first().click()
    await fill()
    await page.locator('[data-test=send]').click()
    await page.locator('[data-test=receipt]').waitFor()
  }
  const nothing = async (): Promise<void> => undefined

  const clerk = await open('office_clerk:office-1')
  await act(clerk, 'AcceptAppeal', nothing)
  await clerk.locator('[data-test=status]', { hasText: '已受理' }).waitFor()
  await act(clerk, 'DecomposeAppeal', async () => {
    await clerk.locator('[data-test=add-part]').click()
    await clerk.locator('#act-matters-0-text').fill('核查申报材料')
    await choose(clerk, 'act-matters-0-lead', /^D07 /)
  })
  await act(clerk, 'DispatchAssignment', async () => {
    await clerk.locator('#act-matter').fill('1')
    await choose(clerk, 'act-department', /^D07 /)
    await choose(clerk, 'act-duty', /主办/)
    await choose(clerk, 'act-track', /一般/)
  })
  await clerk.locator('[data-test=status]', { hasText: '已转办' }).waitFor()
  expect(await clerk.locator('[data-test=ConcludeAppeal]').count()).toBe(0)

  const stranger = await open('department_officer:D01-1:D01')
  await stranger.locator('[data-subject]').first().waitFor()
  expect(await stranger.locator('[data-test=RecordContact]').count()).toBe(0)

  const officer = await open('department_officer:D07-1:D07')
  await act(officer, 'RecordContact', async () => officer.locator('#act-method').fill('电话'))
  await act(officer, 'ReportCompletion', async () => {
    await choose(officer, 'act-outcome', /已解决/)
    await officer.locator('#act-text').fill('已一次办结')
  })
  expect(await violations(officer)).toEqual([])

  const lead = await open('office_lead:lead-1')
  await act(lead, 'ConcludeAppeal', async () => choose(lead, 'act-outcome', /已解决/))
  await lead.locator('[data-test=status]', { hasText: '已办结' }).waitFor()
  const told = JSON.parse(desk.ledger.tell('history', `appeal/${appeal}`)) as StreamHistory
  expect(told.events.map((event) => event.event).slice(1)).toEqual([
    'AppealAccepted',
    'AppealDecomposed',
    'AssignmentDispatched',
    'EnterpriseContacted',
    'CompletionReported',
    'AppealConcluded',
    'RatingInvited',
  ])
})
