// bihuand itself on a ledger of its own, with the built pages and a demonstration token a role.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { LedgerUnderTest } from './ledger_under_test'

export interface Bihuand {
  url: string
  /** By role; officers of one department by `department_officer:D07`. */
  tokens: Record<string, string>
  /** Ends it, and holds that it ends well. */
  close: () => Promise<void>
}

/** `now`: the clock is rehearsed and stands at this time; without it, it is the real one. */
export async function openBihuand(ledger: LedgerUnderTest, now?: string): Promise<Bihuand> {
  const pages = fileURLToPath(new URL('../../../../build/web', import.meta.url))
  const tokens = `${ledger.directory}.tokens.json`
  const server = spawn(
    join(dirname(ledger.bihuan), 'bihuand'),
    [
      ...['--data', ledger.directory, '--listen', '127.0.0.1:0', '--demo-tokens', tokens, '--pages', pages],
      ...(now ? ['--rehearsal'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const url = await new Promise<string>((said, failed) => {
    createInterface({ input: server.stdout }).once('line', (line) => said(line.replace('bihuand: ', '')))
    server.once('exit', () => failed(new Error('bihuand has ended')))
  })
  const known = JSON.parse(readFileSync(tokens, 'utf8')) as Record<string, string>
  if (now) {
    const set = await fetch(`${url}/v1/rehearsal/clock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${known.office_lead}`, 'content-type': 'application/json' },
      body: JSON.stringify({ now }),
    })
    expect(set.status).toBe(200)
  }
  return {
    url,
    tokens: known,
    close: async () => {
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      expect(await ended).toBe(0)
    },
  }
}
