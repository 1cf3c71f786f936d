// Every page as a reader meets it: no barrier in either language, light and dark, at a desk and on a phone, and a picture
// of it in build/pictures (docs/pictures holds those of the last `tools/web pictures`).
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from './axe'
import { givePolicies } from './given_policies'
import { openDesk, phone, type Desk } from './open_desk'

interface Place {
  name: string
  path: string
  ready: string
  as?: string
  size?: { width: number; height: number }
}

let desk: Desk
const folder = fileURLToPath(new URL('../../../../build/pictures', import.meta.url))
const at = 'as_of=2021-09-26T12:00:00%2B08:00'
const tall = { width: 1280, height: 860 }
const wide = { width: 1920, height: 1080 }

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  desk = await openDesk({ cases: 3_000, prepare: givePolicies })
})
afterAll(() => desk.close())

const places = (): Place[] => {
  const { rows } = desk.report
  const closed = rows.find((row) => row.red_cards > 0 && row.closed_at)!
  const waiting = rows.find((row) => row.status === 'accepted')!
  const open = rows.find((row) => ['dispatched', 'signed', 'contacted'].includes(row.status))!
  const rated = rows.find((row) => row.closed_at && row.rating)!
  return [
    { name: 'sign-in', path: '/sign-in', ready: '[data-test=token]', as: '' },
    { name: 'overview', path: `/overview?${at}`, ready: '.chart svg >> nth=2' },
    { name: 'wall', path: `/overview?wall=1&${at}`, ready: '.chart svg >> nth=2', size: wide },
    { name: 'ledger', path: `/ledger?${at}`, ready: '[data-index="3"] [role=gridcell]' },
    { name: 'ledger-empty', path: '/ledger?seq=2', ready: '.notice' },
    { name: 'case', path: `/appeal/${closed.appeal}`, ready: '.timeline > li' },
    {
      name: 'dispatch',
      as: 'office_clerk',
      path: `/dispatch?status=accepted&appeal=${waiting.appeal}`,
      ready: '[data-test=preview] li',
    },
    {
      name: 'department',
      path: `/department?appeal=${open.appeal}`,
      ready: '[data-act=ReportCompletion]',
      as: `department_officer:${open.department}`,
    },
    { name: 'weekly', path: `/weekly?week=2021-W38&${at}`, ready: '.chart svg >> nth=1' },
    { name: 'ratings', path: `/ratings?by=department&${at}`, ready: '.chart svg >> nth=1' },
    { name: 'plan', path: `/plan?${at}`, ready: '.chart svg' },
    { name: 'supervision', path: `/supervision?${at}`, ready: 'tbody td button.figure' },
    { name: 'policies', path: '/policies', ready: '[data-policy=ZC001]' },
    {
      name: 'policies-match',
      path: `/policies?enterprise=${rows[0]!.enterprise}`,
      ready: '[data-test=matches] [data-item]',
    },
    { name: 'policy', path: '/policy/ZC001', ready: '[data-test=versions] ins' },
    { name: 'coverage', path: '/coverage', ready: '.chart svg' },
    { name: 'inspector', path: '/inspector', ready: '[data-test=continuation]' },
    {
      name: 'phone',
      path: '/phone/new',
      ready: '[data-test=title]',
      as: rated.enterprise,
      size: phone,
    },
    {
      name: 'phone-track',
      path: `/phone/appeal/${rated.appeal}`,
      ready: '[data-test=receipt] img',
      as: rated.enterprise,
      size: phone,
    },
    {
      name: 'phone-policies',
      path: '/phone/policies',
      ready: '[data-item=X001]',
      as: rows[0]!.enterprise,
      size: phone,
    },
  ]
}

async function open(
  place: Place,
  as: { language: string; theme: string },
  at_: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, errors } = await desk.enter(place.path, place.as ?? 'office_lead', place.size ?? tall, as)
  await page.locator(place.ready).first().waitFor()
  await at_(page)
  expect(await page.evaluate(() => window.shifted)).toBeLessThan(0.1)
  // A year without a published calendar is asked for and not there.
  expect(errors.filter((error) => !error.includes('404'))).toEqual([])
  await page.context().close()
}

const narrow = (page: Page): Promise<void> =>
  expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0)

const names = [
  'sign-in',
  'overview',
  'wall',
  'ledger',
  'ledger-empty',
  'case',
  'dispatch',
  'department',
  'weekly',
  'ratings',
  'plan',
  'supervision',
  'policies',
  'policies-match',
  'policy',
  'coverage',
  'inspector',
  'phone',
  'phone-track',
  'phone-policies',
]

describe('every page', () => {
  it('is in the list', () => expect(places().map(({ name }) => name)).toEqual(names))

  it.each(names)(
    '%s: no barrier in Chinese and light, its picture, and nothing wider than a desk',
    async (name) => {
      const place = places().find((one) => one.name === name)!
      await open(place, { language: 'zh', theme: 'light' }, async (page) => {
        await page.screenshot({ path: join(folder, `${name}.png`) })
        expect(await violations(page)).toEqual([])
        await page.setViewportSize(wide)
        await narrow(page)
        await page.screenshot({ path: join(folder, `${name}-1920.png`) })
      })
    },
  )

  it.each(names)('%s: no barrier in English and dark, and nothing wider than a phone', async (name) => {
    const place = places().find((one) => one.name === name)!
    await open(place, { language: 'en', theme: 'dark' }, async (page) => {
      await page.screenshot({ path: join(folder, `${name}-en-dark.png`) })
      if (name !== 'wall') await page.setViewportSize(phone)
      await narrow(page)
      expect(await violations(page)).toEqual([])
      await page.screenshot({ path: join(folder, `${name}-en-dark-360.png`) })
    })
  })
})

describe('the wall', () => {
  it('shows all of itself at 1920 by 1080, dark whatever was chosen', async () => {
    const place = places().find((one) => one.name === 'wall')!
    await open(place, { language: 'zh', theme: 'light' }, async (page) => {
      const sizes = await page.evaluate(() => ({
        height: document.documentElement.scrollHeight,
        width: document.documentElement.scrollWidth,
        isDark: document.documentElement.classList.contains('dark'),
        bars: document.querySelectorAll('.chart svg').length,
      }))
      expect(sizes).toEqual({ height: 1080, width: 1920, isDark: true, bars: 3 })
    })
  })
})
