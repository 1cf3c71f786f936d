// A browser before the built pages: Debian's chromium, and a server that gives out build/web and lets the stand-in
// answer for the ledger. Nothing here waits for time to pass; playwright waits for what is to be seen.
import { createReadStream, existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { answer } from '../ledger/stand_in'

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

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const built = join(root, 'build/web')
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

/** The server of a ledger's pages on a free port; close() it. */
export async function serve(bihuan: string, ledger: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void answer({ bihuan, ledger }, request, response).then((isDone) => {
      if (isDone) return
      const path = normalize(new URL(request.url ?? '/', 'http://x').pathname)
      const file = join(built, path === '/' ? 'index.html' : path)
      if (!file.startsWith(built) || !existsSync(file)) {
        response.writeHead(404).end()
        return
      }
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
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
 * A new window with nothing in it but what was `chosen` in it before (language, theme), signed in as `token`
 * (role:id[:department]), or as nobody; what it logs as an error is kept.
 */
export async function enter(
  browser: Browser,
  url: string,
  token: string,
  size = { width: 1440, height: 900 },
  chosen: Record<string, string> = {},
): Promise<{ page: Page; errors: string[] }> {
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
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  return { page, errors }
}
