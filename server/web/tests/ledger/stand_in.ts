// Stands in for bihuand while pages are developed and tested: the routes of the contract, each answered by
// the real command line on a real ledger. It decides nothing and holds no data of its own.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export interface StandIn {
  bihuan: string
  ledger: string
}

interface Reply {
  status: number
  type: string
  body: string
}

/** Tokens of the stand-in are the persons themselves: `role:id[:department]`. */
interface Person {
  role: string
  id: string
  department?: string
}

const json = (body: unknown, status = 200): Reply => ({
  status,
  type: status < 400 ? 'application/json' : 'application/problem+json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const problem = (status: number, detail: string, more: object = {}): Reply =>
  json({ type: 'about:blank', status, title: String(status), detail, ...more }, status)

function run(by: StandIn, args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    const given = ['--data', by.ledger]
    execFile(by.bihuan, [...args, ...given], { maxBuffer: 1 << 30 }, (error, out, err) => {
      done({ code: error ? Number(error.code ?? 1) : 0, out, err })
    })
  })
}

/** The query's parameters as options of the command line, by the same names. */
function options(query: URLSearchParams, rename: Record<string, string> = {}): string[] {
  const args: string[] = []
  for (const [name, value] of query) {
    const option = rename[name] ?? name.replaceAll('_', '-')
    if (option && value !== '') args.push(`--${option}`, value)
  }
  return args
}

async function told(by: StandIn, args: string[], format: 'json' | 'csv'): Promise<Reply> {
  const { code, out, err } = await run(by, [...args, '--format', format])
  if (code === 0)
    return { ...json(out), type: format === 'json' ? 'application/json' : 'text/csv; charset=utf-8' }
  const sentence = err.replace(/^bihuan: /, '').trim()
  return problem(/没有这个/.test(sentence) ? 404 : 400, sentence)
}

function person(request: IncomingMessage): Person | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const [role, id, department] = token?.split(':') ?? []
  return role && id ? { role, id, ...(department ? { department } : {}) } : undefined
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

async function execute(by: StandIn, command: string, request: IncomingMessage): Promise<Reply> {
  const actor = person(request)
  if (!actor) return problem(401, '请先登录。 Please sign in.')
  const asked = JSON.parse(await body(request)) as { stream: string; data: object }
  const id = String(request.headers['idempotency-key'] ?? '').replaceAll('"', '')
  const folder = mkdtempSync(join(tmpdir(), 'bihuan-line-'))
  const file = join(folder, 'line.jsonl')
  const at = new Date().toISOString().replace('Z', '+00:00')
  writeFileSync(
    file,
    `${JSON.stringify({ at, actor, command, stream: asked.stream, id, data: asked.data })}\n`,
  )
  const { out, err } = await run(by, ['import', file, '--format', 'json'])
  rmSync(folder, { recursive: true })
  if (!out.startsWith('{')) return problem(400, err.trim())
  const result = JSON.parse(out) as {
    seq: number
    accepted: number
    refusals: { refused: string; text: string }[]
  }
  const refusal = result.refusals[0]
  if (refusal) return problem(422, refusal.text, { refused: refusal.refused, text: refusal.text })
  return json({ seq: result.seq, stream: asked.stream }, result.accepted ? 201 : 200)
}

async function ask(by: StandIn, url: URL, request: IncomingMessage): Promise<Reply> {
  const path = url.pathname.split('/').slice(1).map(decodeURIComponent)
  const query = url.searchParams
  query.delete('min_seq')
  const format = /text\/csv/.test(request.headers.accept ?? '') ? 'csv' : 'json'
  const [, kind, one, two] = path
  if (url.pathname === '/checkpoint')
    return { ...json((await run(by, ['checkpoint'])).out), type: 'text/plain' }
  if (kind === 'vkey') return { ...json((await run(by, ['checkpoint', '--vkey'])).out), type: 'text/plain' }
  if (kind === 'me')
    return person(request) ? json(person(request)) : problem(401, '请先登录。 Please sign in.')
  if (kind === 'commands') return execute(by, one!, request)
  if (kind === 'streams') return told(by, ['history', `${one}/${two}`, ...options(query)], 'json')
  if (kind === 'proofs') {
    const which = one === 'consistency' ? ['--consistency', query.get('old')!] : [one!, '--with-entry']
    const { code, out, err } = await run(by, ['prove', ...which])
    return code === 0 ? { ...json(out), type: 'text/plain' } : problem(404, err.trim())
  }
  if (kind === 'reports' && two === 'why') {
    const cell = query.get('cell')!
    query.delete('cell')
    return told(by, ['why', one!, cell, ...options(query)], 'json')
  }
  if (kind === 'reports' && two === 'diff') {
    const rename = { since: 'from', until: 'to', from: 'concluded-from', to: 'concluded-to' }
    return told(by, ['diff', one!, ...options(query, rename)], 'json')
  }
  if (kind === 'reports') return told(by, ['report', one!, ...options(query)], format)
  return problem(404, '没有这个地址。 There is nothing at this address.')
}

/** Answers a request of the API, or leaves it (false): pages and their files are not its business. */
export async function answer(
  by: StandIn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://stand-in')
  if (!url.pathname.startsWith('/v1/') && url.pathname !== '/checkpoint') return false
  if (url.pathname === '/v1/feed') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': here\n\n')
    return true
  }
  const reply = await ask(by, url, request)
  response.writeHead(reply.status, { 'content-type': reply.type })
  response.end(reply.body)
  return true
}

/** Vite's development server with the stand-in in it, when BIHUAN and BIHUAN_LEDGER name the two. */
export function standInPlugin(): Plugin {
  const { BIHUAN, BIHUAN_LEDGER } = process.env
  return {
    name: 'ledger-stand-in',
    configureServer(server) {
      if (!BIHUAN || !BIHUAN_LEDGER) return
      server.middlewares.use((request, response, next) => {
        void answer({ bihuan: BIHUAN, ledger: BIHUAN_LEDGER }, request, response).then(
          (done) => done || next(),
        )
      })
    },
  }
}
