// The policies: the dictionary with its versions, what an enterprise gets and lacks, the phone that applies, and the office
// that sees who was told and who was not.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StreamHistory } from '../../src/api/events'
import { violations } from './axe'
import { givePolicies } from './given_policies'
import { openDesk, phone, type Desk } from './open_desk'

let desk: Desk
let enterprise: string

beforeAll(async () => {
  desk = await openDesk({ cases: 60, prepare: givePolicies })
  enterprise = desk.report.rows[0]!.enterprise
})
afterAll(() => desk.close())

async function hold(
  path: string,
  as: string,
  at: (page: Page) => Promise<void>,
  size?: typeof phone,
): Promise<void> {
  const { page, errors } = await desk.enter(path, as, size)
  await at(page)
  expect(errors).toEqual([])
  await page.context().close()
}
const events = (stream: string): StreamHistory['events'] =>
  (JSON.parse(desk.ledger.tell('history', stream)) as StreamHistory).events

describe('the dictionary', () => {
  it('finds a phrase of the text, shows it in its place, and says when nothing has it', () =>
    hold('/policies', 'office_lead', async (page) => {
      await page.locator('[data-policy=ZC001]').waitFor()
      await page.locator('input[data-test=text], [data-test=text] input').first().fill('不超过 80 万元')
      await page.locator('[data-test=search]').click()
      await page.waitForURL(/text=/)
      await page.locator('[data-policy=ZC001]', { hasText: '补助不超过 80 万元' }).waitFor()
      await page.goto(page.url().replace(/text=[^&]*/, `text=${encodeURIComponent('没有这句话')}`))
      await page.getByText('没有找到这样的政策。').waitFor()
    }))

  it('shows two versions beside each other: what went on the left, what came on the right', () =>
    hold('/policy/ZC001', 'office_lead', async (page) => {
      await page.locator('[data-test=versions] ins').waitFor()
      expect(await page.locator('[data-test=versions] del').allTextContents()).toEqual([
        '二、补助不超过 50 万元。',
      ])
      expect(await page.locator('[data-test=versions] ins').allTextContents()).toEqual([
        '二、补助不超过 80 万元。',
      ])
      await page.locator('[data-item=X002]', { hasText: '第四条（二）' }).waitFor()
    }))

  it('says whom an item fits, and leads from there to what that enterprise gets and lacks', () =>
    hold('/policy/ZC001', 'office_lead', async (page) => {
      await page.locator('[data-test=fitting-X001]').click()
      await page.locator('[data-item=X001] tbody tr').first().waitFor()
      expect(await page.locator('[data-item=X001] tbody tr').count()).toBe(1)
      expect(page.url()).toContain('item=X001')
      await page.locator('[data-item=X001] tbody button.figure').click()
      await page.waitForURL(new RegExp(`enterprise=${enterprise}`))
      const rows = page.locator('[data-test=matches] [data-item]')
      await rows.first().waitFor()
      expect(await rows.locator('[data-test=outcome]').allTextContents()).toEqual(['符合', '差 1 项'])
      await rows.nth(1).locator('summary').click()
      await rows.nth(1).locator('[data-verdict=not_met]', { hasText: '现为 120' }).waitFor()
      await rows.nth(1).locator('[data-verdict=unknown]', { hasText: '没有数据' }).waitFor()
      await rows.nth(1).locator('[data-verdict=not_met] [data-test=source]').click()
      await page.locator('.el-drawer article', { hasText: '更新画像' }).waitFor()
      const brought = events(`enterprise/${enterprise}`).find(({ event }) => event === 'ProfileUpdated')!
      expect(await page.locator('.el-drawer article').last().textContent()).toContain(`#${brought.seq}`)
    }))

  it('opens from its address at the item, the outcome and the two versions that were looked at', () =>
    hold('/policy/ZC001?item=X002&verdict=not_met&left=2&right=1', 'office_lead', async (page) => {
      await page.locator('[data-item=X002] tbody tr', { hasText: '差 1 项' }).waitFor()
      expect(await page.locator('[data-item=X001] tbody').count()).toBe(0)
      expect(await page.locator('[data-test=versions] ins').allTextContents()).toEqual([
        '二、补助不超过 50 万元。',
      ])
    }))

  it('as of a moment before the amendment there is one version, and before the policy there is none', () => {
    const [published, amended] = events('policy/ZC001')
    return hold(`/policy/ZC001?seq=${amended!.seq - 1}`, 'office_lead', async (page) => {
      await page.locator('[data-test=versions]', { hasText: '50 万元' }).waitFor()
      expect(await page.locator('[data-test=versions] ins').count()).toBe(0)
      await page.goto(page.url().replace(/\/policy\/ZC001\?seq=\d+/, `/policies?seq=${published!.seq - 1}`))
      await page.getByText('截至这个时刻还没有发布政策。').waitFor()
    })
  })

  it('a suggested tag stands with its sentence until a person confirms it, which is an event', () =>
    hold('/policy/ZC001', 'office_clerk', async (page) => {
      const suggested = page.locator('[data-suggested=研发]')
      await suggested.locator('blockquote', { hasText: '研发投入给予补助' }).waitFor()
      await suggested.locator('[data-test=confirm]').click()
      await suggested.waitFor({ state: 'detached' })
      await page.locator('[data-test=tag]', { hasText: '研发' }).waitFor()
      expect(events('policy/ZC001').at(-1)!.event).toBe('PolicyTagged')
    }))
})

describe('the enterprise’s phone', () => {
  it('says what it gets and what it lacks, and that it was read is recorded once', () =>
    hold(
      '/phone/policies',
      enterprise,
      async (page) => {
        await page.locator('[data-test=met]', { hasText: '1' }).waitFor()
        const first = page.locator('[data-item=X001]')
        await first.locator('summary', { hasText: '已告知，未读' }).click()
        await page.locator('[data-item=X001] summary', { hasText: '已告知，已读' }).waitFor()
        await page.locator('[data-item=X001] [data-verdict=met]', { hasText: '第三条（一）' }).waitFor()
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        const read = events(`enterprise/${enterprise}`).filter(({ event }) => event === 'PolicyRead')
        expect(read.length).toBe(1)
      },
      phone,
    ))

  it('applies with an amount; where it stands is what the ledger says', () =>
    hold(
      '/phone/policies',
      enterprise,
      async (page) => {
        const item = page.locator('[data-item=X001]')
        await item.locator('summary').click()
        await item.locator('[data-test=amount]').fill('60000')
        await item.locator('[data-test=apply]').click()
        await item.locator('[data-test=application]', { hasText: /^\s*SB\d{4}-/ }).waitFor()
        const no = /SB\d{4}-\w+/.exec((await item.locator('[data-test=application]').textContent())!)![0]
        expect(events(`application/${no}`).map(({ event }) => event)).toEqual([
          'ApplicationStarted',
          'ApplicationSubmitted',
        ])
        // Taken back, and asked for again on the same page: another application, with a number of its own.
        await item.getByRole('button', { name: '撤回申报' }).click()
        await item.locator('[data-test=application]', { hasText: '撤回申请' }).waitFor()
        await item.locator('[data-test=amount]').fill('70000')
        await item.locator('[data-test=apply]').click()
        await item.locator('[data-test=application]', { hasText: '提交申请' }).waitFor()
        const again = /SB\d{4}-\w+/.exec((await item.locator('[data-test=application]').textContent())!)![0]
        expect(again).not.toBe(no)
        expect(events(`application/${again}`).at(-1)!.data.amount).toBe(70000)
      },
      phone,
    ))

  it('sees where its application stands, returned in whose words, and sends it again', () =>
    hold(
      '/phone/policies',
      enterprise,
      async (page) => {
        const own = page.locator('[data-own]')
        await own.locator('[data-test=stands]', { hasText: '提交申请' }).waitFor()
        const no = (await own.getAttribute('data-own'))!
        await desk.order('department_officer:D01', 'AcceptApplication', `application/${no}`, {})
        await desk.order('department_officer:D01', 'ReturnApplication', `application/${no}`, {
          reason: '缺研发费用明细',
        })
        await page.reload()
        await own.locator('summary', { hasText: '退回补正' }).click()
        await own.locator('[data-test=step]', { hasText: '缺研发费用明细' }).waitFor()
        expect(await own.locator('[data-test=step]').count()).toBe(4)
        const item = page.locator('[data-item=X001]')
        await item.locator('summary').click()
        await item.locator('[data-test=amount]').fill('50000')
        await item.locator('[data-test=apply]').click()
        await own
          .locator('[data-test=step]', { hasText: /50000\s*下一步应在/ })
          .first()
          .waitFor()
        expect(await own.textContent()).not.toContain('conditions_version')
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        expect(await violations(page)).toEqual([])
        expect(events(`application/${no}`).length).toBe(5)
      },
      phone,
    ))

  it('is led to the open application by a link, after signing in', async () => {
    const mine = desk.ledger.tell('match', '--enterprise', enterprise, '--format', 'json')
    const { rows } = JSON.parse(mine) as {
      rows: { item: string; application: { application: string } | null }[]
    }
    const no = rows.find(({ item }) => item === 'X001')!.application!.application
    await hold(
      `/phone/policies?own=${no}`,
      '',
      async (page) => {
        await page.locator('[data-test=token]').fill(desk.server.token(enterprise))
        await page.locator('[data-test=enter]').click()
        await page.locator(`[data-own="${no}"][open] [data-test=step]`).first().waitFor()
        await page.locator(`[data-own="${no}"] summary`).click()
        await page.waitForURL((url) => !url.hash.includes('own='))
      },
      phone,
    )
  })

  it('takes back an agreement, after which the office sees nothing of it any more', async () => {
    await hold(
      '/phone/policies',
      enterprise,
      async (page) => {
        await page.locator('[data-test=matching]').uncheck()
        await expect.poll(() => events(`enterprise/${enterprise}`).at(-1)!.event).toBe('ConsentWithdrawn')
      },
      phone,
    )
    await hold(`/policies?enterprise=${enterprise}`, 'office_lead', async (page) => {
      await page.getByText('这家企业没有同意匹配。').waitFor()
    })
  })
})

describe('coverage', () => {
  it('counts who was told, read and applied, and a figure opens its events', () =>
    hold('/coverage', 'office_lead', async (page) => {
      const pushed = page.locator('button.figure[aria-label^="全区 推送"]')
      await pushed.waitFor()
      expect((await pushed.textContent())!.trim()).toBe('1')
      await pushed.click()
      await page.locator('.el-drawer', { hasText: '推送政策' }).waitFor()
    }))

  it('as of the moment before the push nobody was told', () => {
    const push = events(`enterprise/${enterprise}`).find(({ event }) => event === 'PolicyPushed')!
    return hold(`/coverage?seq=${push.seq - 1}`, 'office_lead', async (page) => {
      const never = page.locator('button.figure[aria-label^="全区 未告知"]')
      await never.waitFor()
      expect((await never.textContent())!.trim()).toBe('1')
    })
  })
})
