// How the closed-loop ledger of a hundred thousand cases feels: from an input to the frame that shows its effect, and to the
// rows themselves, in the real browser before bihuand itself. Prints figures; asserts what the pages promise. Making the
// ledger takes longer than vitest waits for a sign of life, so its complaint of that is passed over (package.json).
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enter, openBrowser } from '../pages/browser'
import { makeLedger, type LedgerUnderTest } from '../pages/ledger_under_test'
import { openBihuand, type Bihuand } from '../pages/open_bihuand'

const cases = Number(process.env.CASES ?? 100_000)
const goal = 100 // milliseconds from an input to the frame after it

let ledger: LedgerUnderTest
let server: Bihuand
let browser: Browser
beforeAll(async () => {
  ledger = makeLedger(cases)
  server = await openBihuand(ledger)
  browser = await openBrowser()
}, 1_800_000)
afterAll(async () => {
  await browser.close()
  await server.close()
  ledger.remove()
})

interface Took {
  frame: number
  rows: number
}

/**
 * Scrolls `by` pixels, or `to` a part of the whole; milliseconds until the next frame is drawn, and until no row in sight
 * waits for its data.
 */
const scrolled = (page: Page, way: { by: number } | { to: number }): Promise<Took> =>
  page.evaluate(async (asked) => {
    const box = document.querySelector<HTMLElement>('[role=grid]')!
    const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => setTimeout(done))) // after the frame is drawn
    const isWhole = (): boolean => {
      const { top, bottom } = box.getBoundingClientRect()
      const lines = [...box.querySelectorAll<HTMLElement>('.space .line')].filter((line) => {
        const at = line.getBoundingClientRect()
        return at.bottom > top + 40 && at.top < bottom
      })
      return lines.length > 5 && lines.every((line) => line.children.length > 1)
    }
    const began = performance.now()
    box.scrollTop = 'by' in asked ? box.scrollTop + asked.by : asked.to * box.scrollHeight
    await frame()
    const first = performance.now() - began
    while (!isWhole()) await frame()
    return { frame: first, rows: performance.now() - began }
  }, way)

const middle = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
function told(name: string, all: Took[]): Took {
  const frame = all.map((one) => one.frame)
  const rows = all.map((one) => one.rows)
  console.info(
    `${name}: frame median ${middle(frame).toFixed(0)} ms, worst ${Math.max(...frame).toFixed(0)} ms;`,
    `rows median ${middle(rows).toFixed(0)} ms, worst ${Math.max(...rows).toFixed(0)} ms (${all.length} times)`,
  )
  return { frame: middle(frame), rows: middle(rows) }
}

it(`scrolls and filters ${cases} cases without stutter`, async () => {
  const { page } = await enter(browser, `${server.url}/#/ledger`, server.token('office_lead'))
  await page.locator('[data-index="3"] [role=gridcell]').nth(2).waitFor()
  console.info('rows:', await page.locator('[data-test=total]').textContent())

  const wheel: Took[] = []
  for (let i = 0; i < 60; ++i) wheel.push(await scrolled(page, { by: 300 }))
  const jumps: Took[] = []
  for (let i = 1; i <= 30; ++i) jumps.push(await scrolled(page, { to: ((i * 37) % 100) / 100 }))
  const filters: Took[] = []
  for (const query of [
    'light=red',
    '',
    'status=closed',
    '',
    'department=D07',
    '',
    'light=yellow',
    'status=answered',
    '',
  ])
    filters.push(
      await page.evaluate(async (asked) => {
        const total = document.querySelector('[data-test=total]')!
        const changed = new Promise<void>((done) => {
          new MutationObserver((_, observer) => {
            observer.disconnect()
            done()
          }).observe(total, { characterData: true, childList: true, subtree: true })
        })
        const began = performance.now()
        location.hash = `#/ledger?${asked}`
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
        const frame = performance.now() - began
        await changed
        return { frame, rows: performance.now() - began }
      }, query),
    )
  expect(told('scroll by the wheel', wheel).rows).toBeLessThan(goal)
  expect(told('jump anywhere', jumps).frame).toBeLessThan(goal)
  expect(told('filter', filters).frame).toBeLessThan(goal)
  await page.context().close()
})
