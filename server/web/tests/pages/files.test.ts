// Files on their way: a picture from the phone to the case, and an inspection package to the inspector's own verifier.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
let vkey: string
beforeAll(async () => {
  desk = await openDesk({
    cases: 20,
    prepare: (ledger) => {
      vkey = ledger.tell('checkpoint', '--vkey').trim()
    },
    isNow: true,
  })
})
afterAll(() => desk.close())

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

it('a picture chosen without a line is sent with its appeal, and is given to the office as it was', async () => {
  const { page } = await desk.enter('/phone/new', 'enterprise', phone)
  await page.locator('html[data-kept]').waitFor({ state: 'attached' })
  await page.context().setOffline(true)
  await page.getByText('政策兑现').click()
  await page.locator('[data-test=title]').fill('附图的诉求')
  await page
    .locator('[data-test=pictures]')
    .setInputFiles({ name: '通知.png', mimeType: 'image/png', buffer: png })
  await page.getByText('通知.png').waitFor()
  await page.locator('[data-test=send]').click()
  await page.locator('[data-test=letter]').waitFor()
  await page.context().setOffline(false)
  await page.locator('[data-test=mine]', { hasText: '附图的诉求' }).click()
  await page.locator('[data-test=status]', { hasText: '已提交' }).waitFor()
  const no = /appeal\/([^?]+)/.exec(page.url())![1]!
  await page.context().close()

  const { page: office } = await desk.enter(`/appeal/${no}`, 'office_lead')
  const [download] = await Promise.all([
    office.waitForEvent('download'),
    office.locator('[data-test=file]').click(),
  ])
  expect(readFileSync(await download.path()).equals(png)).toBe(true)
  await office.context().close()
})

it('a file that is no picture is refused with the reason, and the appeal is given back to its writer', async () => {
  const { page } = await desk.enter('/phone/new', 'enterprise', phone)
  await page.getByText('政策兑现').click()
  await page.locator('[data-test=title]').fill('附件不对')
  await page
    .locator('[data-test=pictures]')
    .setInputFiles({ name: '不是图.png', mimeType: 'image/png', buffer: Buffer.from('MZ') })
  await page.getByText('不是图.png').waitFor()
  await page.locator('[data-test=send]').click()
  await page.locator('[data-test=letter] .wrong', { hasText: '只收' }).waitFor()
  await page.getByRole('button', { name: '修改后再提交' }).waitFor()
  await page.context().close()
})

it('an inspector takes a package along that the verifier finds sound', async () => {
  const { page, errors } = await desk.enter('/inspector', 'inspector')
  await page.locator('[data-test=package-of]').fill('2021-W38')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-test=package]').click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^bihuan-\d+\.zip$/)
  const verifier = join(dirname(desk.ledger.bihuan), 'bihuan-verify')
  const said = execFileSync(verifier, [await download.path(), '--key', vkey], { encoding: 'utf8' })
  expect(said).toContain('核对通过')
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
  await page.context().close()
})
