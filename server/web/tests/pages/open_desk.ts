// What each file of browser tests begins with: a ledger of its own, bihuand on it, a browser before its pages.
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { LedgerReport } from '../../src/api/reports'
import { enter, openBrowser, type Entered } from './browser'
import { makeLedger, type LedgerUnderTest } from './ledger_under_test'
import { openBihuand, type Bihuand } from './open_bihuand'

export const phone = { width: 360, height: 740 }

export interface Desk {
  ledger: LedgerUnderTest
  server: Bihuand
  browser: Browser
  /** The closed-loop ledger as the command line prints it when the desk opens. */
  report: LedgerReport
  /** A new window at a path, as a role or as whoever else is called so; '' for nobody. */
  enter: (path: string, as: string, size?: typeof phone, chosen?: Record<string, string>) => Promise<Entered>
  /** Opens a page as the office's lead, or as another, hands it over, and holds that the browser had nothing to complain about. */
  look: (path: string, at: (page: Page) => Promise<void>, size?: typeof phone, as?: string) => Promise<void>
  /** A command by a role, or by whoever else is called so, as a program sends it; holds that it is recorded. */
  order: (who: string, command: string, stream: string, data: Record<string, unknown>) => Promise<void>
  close: () => Promise<void>
}

export interface DeskOptions {
  cases?: number
  /** What is done to the ledger before the server opens it. */
  prepare?: (ledger: LedgerUnderTest) => void
  /** The real clock, as a server that people work with has it; else it is rehearsed and begins where the ledger ends, so
   * that work is neither years late nor yet to come. */
  isNow?: boolean
}

export async function openDesk({ cases = 300, prepare, isNow }: DeskOptions = {}): Promise<Desk> {
  const ledger = makeLedger(cases)
  prepare?.(ledger)
  ledger.tell('checkpoint') // so that all of it has proofs, which the server signs a minute after
  const report = JSON.parse(ledger.tell('report', 'closed-loop', '--format', 'json')) as LedgerReport
  const [server, browser] = await Promise.all([
    openBihuand(ledger, isNow ? undefined : report.as_of),
    openBrowser(),
  ])
  const enterAs: Desk['enter'] = (path, as, size, chosen) =>
    enter(browser, `${server.url}/#${path}`, as && server.token(as), size, chosen)
  return {
    ledger,
    server,
    browser,
    report,
    enter: enterAs,
    look: async (path, at, size, as = 'office_lead') => {
      const { page, errors } = await enterAs(path, as, size)
      await at(page)
      expect(errors).toEqual([])
      await page.context().close()
    },
    order: async (who, command, stream, data) => {
      const answer = await fetch(`${server.url}/v1/commands/${command}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.token(who)}`,
          'content-type': 'application/json',
          'idempotency-key': `"${command}-${stream}"`,
        },
        body: JSON.stringify({ stream, data }),
      })
      expect(answer.status, await answer.text()).toBe(201)
    },
    close: async () => {
      await browser.close()
      await server.close()
      ledger.remove()
    },
  }
}
