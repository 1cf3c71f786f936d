// The inspector's page: what holds is said to hold, what was altered is found, by the browser's own computing.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WeeklyReport } from '../../src/api/reports'
import { violations } from './axe'
import type { LedgerUnderTest } from './ledger_under_test'
import { openDesk, type Desk } from './open_desk'

let desk: Desk
let vkey: string
let kept: string
beforeAll(async () => {
  desk = await openDesk({ prepare: keepCheckpoint })
})
afterAll(() => desk.close())

function keepCheckpoint(ledger: LedgerUnderTest): void {
  vkey = ledger.tell('checkpoint', '--vkey').trim()
  kept = ledger.tell('checkpoint')
  // The ledger goes on after the checkpoint was kept.
  const line = {
    at: '2022-01-04T09:30:00+08:00',
    actor: { id: 'lead-1', role: 'office_lead' },
    command: 'CreateDepartment',
    stream: 'department/D99',
    id: 'later',
    data: { name: '区档案馆' },
  }
  const file = join(tmpdir(), `bihuan-later-${process.pid}.jsonl`)
  writeFileSync(file, `${JSON.stringify(line)}\n`)
  ledger.tell('import', file)
}

const verdict = (page: Page, is: string): Promise<void> =>
  page.locator(`[data-verdict=${is}]`).first().waitFor()

describe('an inspector', () => {
  it('sees that the ledger continues the checkpoint that was kept, and that an altered one is not continued', () =>
    desk.look('/inspector', async (page) => {
      await page.locator('#inspector-vkey').fill(vkey)
      await page.locator('#brought').fill(kept)
      await page.locator('[data-test=continuation]').click()
      await verdict(page, 'holds')
      expect(await violations(page)).toEqual([])
      const lines = kept.split('\n')
      const root = lines[2]!
      lines[2] = (root.startsWith('A') ? 'B' : 'A') + root.slice(1)
      await page.locator('#brought').fill(lines.join('\n'))
      await page.locator('[data-test=continuation]').click()
      await verdict(page, 'fails')
    }))

  it('checks one event by its number, and finds a header that was altered on the way', () =>
    desk.look('/inspector', async (page) => {
      await page.locator('#inspector-vkey').fill(vkey)
      await page.locator('[data-test=event-seq] input, input[data-test=event-seq]').first().fill('14')
      await page.locator('[data-test=event]').click()
      await verdict(page, 'holds')
      await page.getByRole('cell', { name: /^department\/\S+ · 版本 \d/ }).waitFor()
      await page.route('**/v1/proofs/14', async (route) => {
        const lines = (await (await route.fetch()).text()).split('\n')
        const entry = Buffer.from(lines[1]!.slice('extra '.length), 'base64')
        entry[16]! ^= 1 // a microsecond of its recorded time
        lines[1] = `extra ${entry.toString('base64')}`
        await route.fulfill({ contentType: 'text/plain', body: lines.join('\n') })
      })
      await page.locator('[data-test=event]').click()
      await verdict(page, 'fails')
    }))

  it('replays the district day by day, each frame the report of that moment', async () => {
    const then = JSON.parse(
      desk.ledger.tell(
        'report',
        'weekly',
        '--week',
        '2021-W38',
        '--as-of',
        '2021-09-23T00:00:00+08:00',
        '--format',
        'json',
      ),
    ) as WeeklyReport
    await desk.look('/inspector', async (page) => {
      for (const [name, day] of [
        ['从', '2021-09-21'],
        ['到', '2021-09-22'],
      ] as const) {
        await page.getByPlaceholder(name, { exact: true }).fill(day)
        await page.getByPlaceholder(name, { exact: true }).press('Enter')
      }
      await page.locator('[data-test=day]', { hasText: '2021-09-21 00:00' }).waitFor()
      await page.locator('[data-test=step]').click()
      await page.locator('[data-test=day]', { hasText: '2021-09-22 00:00' }).waitFor()
      await page.locator('[data-test=play]').click()
      await page.locator('[data-test=day]', { hasText: '2021-09-23 00:00' }).waitFor()
      await page.locator('.frame', { hasText: `事件号 ${then.seq}` }).waitFor()
    })
  })
})
