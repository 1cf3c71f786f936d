// The enterprise's phone, 360 px wide: filing with and without a line, the track, the receipt.
import jsQR from 'jsqr'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StreamHistory } from '../../src/api/events'
import type { LedgerReport, LedgerRow } from '../../src/api/reports'
import { violations } from './axe'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
let rows: LedgerRow[]
const report = (): LedgerReport =>
  JSON.parse(desk.ledger.tell('report', 'closed-loop', '--format', 'json')) as LedgerReport

beforeAll(async () => {
  desk = await openDesk()
  rows = desk.report.rows
})
afterAll(() => desk.close())

async function hold(
  path: string,
  at: (page: Page, context: BrowserContext, errors: string[]) => Promise<void>,
  enterprise = rows[0]!.enterprise,
): Promise<void> {
  const { page, errors } = await desk.enter(path, enterprise, phone)
  await at(page, page.context(), errors)
  await page.context().close()
}

async function write(page: Page, title: string): Promise<void> {
  await page.getByText('政策兑现').click()
  await page.locator('[data-test=title]').fill(title)
}

const hasNoBarrier = async (page: Page): Promise<void> => {
  expect(await violations(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
}
const filed = (title: string): LedgerRow[] => report().rows.filter((row) => row.title === title)

describe('filing an appeal', () => {
  it('takes a field, a sentence and a touch; the receipt is the ledger’s', () =>
    hold('/phone', async (page, _, errors) => {
      await page.locator('[data-test=new]').waitFor()
      await hasNoBarrier(page)
      await page.locator('[data-test=new]').click()
      await write(page, '补贴款迟迟未到')
      await hasNoBarrier(page)
      await page.locator('[data-test=send]').click()
      await page.locator('[data-test=status]', { hasText: '已提交' }).waitFor()
      await page.locator('[data-test=receipt-seq]').waitFor()
      const row = filed('补贴款迟迟未到')[0]!
      const { events } = JSON.parse(desk.ledger.tell('history', `appeal/${row.appeal}`)) as StreamHistory
      expect(await page.locator('[data-test=receipt-seq]').textContent()).toBe(String(events[0]!.seq))
      // The proof of what was just recorded is there after the next checkpoint.
      expect(errors.filter((error) => !error.includes('/v1/proofs/'))).toEqual([])
    }))

  it('keeps what was begun, also over closing the page', () =>
    hold('/phone/new', async (page) => {
      await write(page, '写了一半')
      await page.reload()
      await expect.poll(() => page.locator('[data-test=title]').inputValue()).toBe('写了一半')
      expect(await page.getByLabel('政策兑现').isChecked()).toBe(true)
    }))

  it('waits for a line, opens without one, and is recorded once though its first answer was lost', () =>
    hold('/phone', async (page, context) => {
      // Kept means: the worker has the whole program; only then may the line go.
      await page.locator('html[data-kept]').waitFor({ state: 'attached' })
      await context.setOffline(true)
      await page.reload()
      await page.locator('[data-test=no-line]').waitFor()
      await page.locator('[data-test=new]').click()
      await write(page, '断网时写的')
      await page.locator('[data-test=send]').click()
      await page.locator('[data-test=letter]', { hasText: '断网时写的' }).waitFor()
      await hasNoBarrier(page)
      expect(filed('断网时写的')).toEqual([])
      const keys: string[] = []
      await context.route('**/v1/commands/SubmitAppeal', async (route) => {
        keys.push(route.request().headers()['idempotency-key']!)
        const response = await route.fetch()
        await (keys.length === 1 ? route.abort() : route.fulfill({ response }))
      })
      await context.setOffline(false)
      await page.getByRole('button', { name: '现在提交' }).last().waitFor()
      await expect.poll(() => keys.length).toBe(1)
      await expect.poll(() => filed('断网时写的').length).toBe(1)
      await page.locator('[data-test=letter]').getByRole('button').click()
      await page.locator('[data-test=mine]', { hasText: '断网时写的' }).waitFor()
      expect(await page.locator('[data-test=letter]').count()).toBe(0)
      expect(keys).toEqual([keys[0], keys[0]])
      expect(filed('断网时写的').length).toBe(1)
    }))

  it('that the ledger refuses is given back to its writer, with the reason', () =>
    hold(
      '/phone/new',
      async (page) => {
        await write(page, '不在册的企业')
        await page.locator('[data-test=send]').click()
        await page.locator('[data-test=letter] .wrong').waitFor()
        await page.getByRole('button', { name: '修改后再提交' }).click()
        await expect.poll(() => page.locator('[data-test=title]').inputValue()).toBe('不在册的企业')
        expect(filed('不在册的企业')).toEqual([])
      },
      '91350100M000100Y43',
    ))
})

describe('an appeal on the phone', () => {
  it('is in the list of its enterprise, with where it stands, and also without a line', async () => {
    const all = new Map(report().rows.map((row) => [row.appeal, row])) // and what was filed meanwhile
    const enterprise = rows.find((row) => row.closed_at)!.enterprise
    const own = [...all.values()].filter((row) => row.enterprise === enterprise)
    const numbers = own.sort((a, b) => b.submitted_at.localeCompare(a.submitted_at)).map((row) => row.appeal)
    await hold(
      '/phone',
      async (page, context, errors) => {
        const listed = page.locator('[data-test=mine]')
        await listed.first().waitFor()
        expect(await listed.evaluateAll((links) => links.map((one) => one.getAttribute('href')))).toEqual(
          numbers.map((no) => `#/phone/appeal/${no}`),
        )
        await page.locator('[data-test=mine]', { hasText: '已销号' }).first().waitFor()
        await hasNoBarrier(page)
        expect(errors).toEqual([])
        await page.locator('html[data-kept]').waitFor({ state: 'attached' })
        await context.setOffline(true)
        await page.reload()
        await page.getByText('上次看到的清单').waitFor()
        expect(await listed.count()).toBe(numbers.length)
      },
      enterprise,
    )
  })

  it('shows the whole way of a closed one, found by its number, and a QR that is its proof', async () => {
    const row = rows.find((one) => one.closed_at && one.rating)!
    await hold(
      '/phone',
      async (page) => {
        await page.locator('[data-test=number]').fill(row.appeal)
        await page.locator('[data-test=find]').click()
        await page.locator('[data-test=status]', { hasText: '已销号' }).waitFor()
        const steps = page.locator('[data-step]')
        expect(await steps.count()).toBe(9)
        expect(await page.locator('[data-step].done').count()).toBe(9)
        const code = page.locator('[data-test=receipt] img')
        await code.waitFor()
        expect(await code.getAttribute('data-verdict')).toBe('open')
        await hasNoBarrier(page)
        const picture = await page.evaluate(async () => {
          const image = document.querySelector<HTMLImageElement>('[data-test=receipt] img')!
          await image.decode()
          const canvas = document.createElement('canvas')
          canvas.width = image.naturalWidth
          canvas.height = image.naturalHeight
          const context = canvas.getContext('2d')!
          context.drawImage(image, 0, 0)
          const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height)
          const isDark = (_: number, i: number): string => (data[4 * i]! < 128 ? '1' : '0')
          return { dots: Array.from({ length: width * height }, isDark).join(''), width, height }
        })
        const data = new Uint8ClampedArray(4 * picture.dots.length)
        for (let i = 0; i < picture.dots.length; ++i)
          data.fill(picture.dots[i] === '1' ? 0 : 255, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4)
        const read = jsQR(data, picture.width, picture.height)
        const { events } = JSON.parse(desk.ledger.tell('history', `appeal/${row.appeal}`)) as StreamHistory
        expect(read?.data).toBe(desk.ledger.tell('prove', String(events[0]!.seq), '--with-entry'))
      },
      row.enterprise,
    )
  })
})
