// A browser before the pages: Debian's chromium, without what draws its own windows. Nothing here waits for time to pass; playwright waits for what is to be
// seen.
import { chromium, type Browser, type Page } from 'playwright-core'

interface LayoutShift extends PerformanceEntry {
  value: number
  hadRecentInput: boolean
}
declare global {
  interface Window {
    /** How much of the page moved by itself (Cumulative Layout Shift); under 0.1 counts as steady. */
    shifted: number
  }
}

export interface Entered {
  page: Page
  /** What it logged as an error. */
  errors: string[]
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/lib/chromium/chromium-headless-shell',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/**
 * A new window with nothing in it but what was `chosen` in it before (language, theme), signed in with `token`, or as
 * nobody without one.
 */
export async function enter(
  browser: Browser,
  url: string,
  token: string,
  size = { width: 1440, height: 900 },
  chosen: Record<string, string> = {},
): Promise<Entered> {
  const context = await browser.newContext({
    viewport: size,
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
  })
  context.setDefaultTimeout(120_000) // a busy machine is slow, not wrong
  await context.addInitScript(
    ([its, kept]) => {
      if (its) sessionStorage.setItem('token', its)
      for (const [name, value] of Object.entries(kept)) localStorage.setItem(name, value)
      window.shifted = 0
      new PerformanceObserver((list) => {
        for (const one of list.getEntries() as LayoutShift[])
          if (!one.hadRecentInput) window.shifted += one.value
      }).observe({ type: 'layout-shift', buffered: true })
    },
    [token, chosen] as const,
  )
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  return { page, errors }
}
