import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FeedParser } from '../../src/api/feed'
import { address, ask, haveSeen, setToken } from '../../src/api/http'
import { Problem } from '../../src/api/problem'
import { submit } from '../../src/api/commands'

const calls: { url: string; init: RequestInit }[] = []
let replies: (() => Response)[] = []

beforeEach(() => {
  calls.length = 0
  replies = []
  setToken('t')
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    calls.push({ url, init })
    const reply = replies.shift()
    return reply ? Promise.resolve().then(reply) : Promise.reject(new TypeError('no line'))
  })
})

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): (() => Response) =>
  () =>
    new Response(status === 304 ? null : JSON.stringify(body), { status, headers })
const failure = (asked: Promise<unknown>): Promise<Problem> =>
  asked.then(
    () => {
      throw new Error('went well')
    },
    (e: Problem) => e,
  )

describe('a question', () => {
  it('carries the token, and what is unchanged is not sent again', async () => {
    replies = [json({ a: 1 }, 200, { etag: '"x"' }), json(null, 304)]
    const first = await ask('/v1/me')
    expect(await ask('/v1/me')).toBe(first)
    expect(calls.map(({ init }) => (init.headers as Record<string, string>)['if-none-match'])).toEqual([
      undefined,
      '"x"',
    ])
    expect((calls[0]!.init.headers as Record<string, string>).authorization).toBe('Bearer t')
  })

  it('forgets what another person has asked', async () => {
    replies = [json({ a: 1 }, 200, { etag: '"x"' }), json({ a: 2 })]
    await ask('/v1/me')
    setToken('u')
    expect(await ask('/v1/me')).toEqual({ a: 2 })
    expect((calls[1]!.init.headers as Record<string, string>)['if-none-match']).toBeUndefined()
  })

  it('fails with the sentence of the server', async () => {
    replies = [json({ title: 'x', detail: '没有这个部门。' }, 404)]
    const problem = await failure(ask('/v1/x'))
    expect([problem.message, problem.status, problem.isUnknown]).toEqual(['没有这个部门。', 404, false])
  })

  it('fails with a sentence of its own when nothing answers', async () => {
    const problem = await failure(ask('/v1/x'))
    expect([problem.status, problem.isUnknown]).toEqual([0, true])
    expect(problem.message).toMatch(/连不上服务器/)
  })
})

describe('a command', () => {
  it('is sent with its key, and later questions of the present see it', async () => {
    expect(address('/v1/reports/weekly', { week: '2021-W38' })).toBe('/v1/reports/weekly?week=2021-W38')
    replies = [json({ seq: 42 }, 201)]
    await submit({ command: 'AcceptAppeal', stream: 'appeal/A', data: {} }, 'k1')
    expect((calls[0]!.init.headers as Record<string, string>)['idempotency-key']).toBe('"k1"')
    expect(JSON.parse(calls[0]!.init.body as string)).toEqual({ stream: 'appeal/A', data: {} })
    expect(address('/v1/reports/weekly')).toBe('/v1/reports/weekly?min_seq=42')
    expect(address('/v1/reports/weekly', { seq: 7 })).toBe('/v1/reports/weekly?seq=7')
    haveSeen(41)
    expect(address('/v1/reports/weekly')).toBe('/v1/reports/weekly?min_seq=42')
  })

  it('that is refused says why, with its code', async () => {
    replies = [json({ refused: 'ReturnTooLate', text: '退单时限已过。' }, 422)]
    const problem = await failure(submit({ command: 'RequestReturn', stream: 'appeal/A', data: {} }, 'k2'))
    expect([problem.refused, problem.message, problem.isUnknown]).toEqual([
      'ReturnTooLate',
      '退单时限已过。',
      false,
    ])
  })
})

describe('the feed', () => {
  it('is cut into messages wherever its pieces end', () => {
    const text = ': here\n\nid: 7\ndata: {"a":1}\n\nid: 8\r\ndata: x\r\ndata: y\r\n\r\nid: 9\n'
    for (let cut = 0; cut <= text.length; ++cut) {
      const parser = new FeedParser()
      expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual([
        { id: '7', data: '{"a":1}' },
        { id: '8', data: 'x\ny' },
      ])
    }
  })
})
