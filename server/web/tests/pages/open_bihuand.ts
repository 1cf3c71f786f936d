// bihuand itself on a ledger of its own, with the built pages: a demonstration token a role, and for everybody else a
// token signed by a key that it is told to trust.
import { spawn } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { LedgerUnderTest } from './ledger_under_test'

export interface Bihuand {
  url: string
  /** Of a role, of a department's officer ("department_officer:D07"), or of whoever else is called so. */
  token: (who: string) => string
  /** Ends it, and holds that it ends well. */
  close: () => Promise<void>
}

const signer = generateKeyPairSync('ed25519')
const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url')
function signed(person: string): string {
  const text = `${part({ alg: 'EdDSA', kid: 'pages' })}.${part({ sub: person, exp: 4_000_000_000 })}`
  return `${text}.${sign(null, Buffer.from(text), signer.privateKey).toString('base64url')}`
}

/** `now`: the clock is rehearsed and stands at this time; without it, it is the real one. */
export async function openBihuand(ledger: LedgerUnderTest, now?: string): Promise<Bihuand> {
  const pages = fileURLToPath(new URL('../../../../build/web', import.meta.url))
  const tokens = `${ledger.directory}.tokens.json`
  const jwks = `${ledger.directory}.jwks.json`
  const key = { ...signer.publicKey.export({ format: 'jwk' }), kid: 'pages', alg: 'EdDSA' }
  writeFileSync(jwks, JSON.stringify({ keys: [key] }))
  const server = spawn(
    join(dirname(ledger.bihuan), 'bihuand'),
    [
      ...['--data', ledger.directory, '--listen', '127.0.0.1:0', '--pages', pages],
      ...['--demo-tokens', tokens, '--jwks', jwks],
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
    token: (who) => known[who] ?? signed(who),
    close: async () => {
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      expect(await ended).toBe(0)
    },
  }
}
