// What each file of browser tests begins with: a ledger of its own, its pages served, a browser before them.
import type { Server } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { enter, openBrowser, serve } from './browser'
import { makeLedger, type LedgerUnderTest } from './ledger_under_test'

export const lead = 'office_lead:lead-1'
/** Who reads everything and may act on nothing. */
export const reader = 'inspector:reader-1'
export const phone = { width: 360, height: 740 }

export interface Desk {
  ledger: LedgerUnderTest
  url: string
  browser: Browser
  /** Opens a page as the office's lead, or as another, hands it over, and holds that the browser had nothing to complain about. */
  look: (path: string, at: (page: Page) => Promise<void>, size?: typeof phone, as?: string) => Promise<void>
  close: () => Promise<void>
}

export async function openDesk(cases = 300): Promise<Desk> {
  const ledger = makeLedger(cases)
  const { server, url }: { server: Server; url: string } = await serve(ledger.bihuan, ledger.directory)
  const browser = await openBrowser()
  return {
    ledger,
    url,
    browser,
    look: async (path, at, size, as = lead) => {
      const { page, errors } = await enter(browser, `${url}/#${path}`, as, size)
      await at(page)
      expect(errors).toEqual([])
      await page.context().close()
    },
    close: async () => {
      await browser.close()
      server.closeAllConnections()
      server.close()
      ledger.remove()
    },
  }
}
