// The one door to the server: token, problem+json, what is known already (ETag), and reading what one wrote.
// Answers are plain values and must not be changed by who asked: two pages may hold the same one.
import { Problem, type ProblemBody } from './problem'

export type Query = Record<string, string | number | boolean | undefined>

interface Kept {
  etag: string
  body: unknown
}

const keptMax = 200
const kept = new Map<string, Kept>() // in order of use, oldest first
let token = ''
let writtenSeq = 0

/** The token of every later request; '' for none. What was known under the former one is forgotten. */
export function setToken(to: string): void {
  token = to
  kept.clear()
}

/** From now on live reads see at least this event: what one has just written oneself. */
export function haveSeen(seq: number): void {
  writtenSeq = Math.max(writtenSeq, seq)
}

/** The address of a question. A question of the present asks for what we know to be there (min_seq). */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') parameters.set(name, String(value))
  const isLive = query.as_of === undefined && query.seq === undefined
  if (isLive && writtenSeq > 0 && path.startsWith('/v1/')) parameters.set('min_seq', String(writtenSeq))
  const text = parameters.toString()
  return text ? `${path}?${text}` : path
}

/** Headers of a request in the name of who signed in. */
export function headers(more: Record<string, string> = {}): Record<string, string> {
  return token ? { authorization: `Bearer ${token}`, ...more } : more
}

async function problemOf(response: Response): Promise<Problem> {
  const after = Number(response.headers.get('retry-after'))
  const body = (await response.json().catch(() => ({}))) as ProblemBody
  return new Problem(response.status, body, after > 0 ? after : undefined)
}

/** fetch whose failures are Problems; an aborted request stays an AbortError. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0)
  }
  if (!response.ok && response.status !== 304) throw await problemOf(response)
  return response
}

function keep(url: string, response: Response, body: unknown): void {
  const etag = response.headers.get('etag')
  kept.delete(url)
  if (!etag) return
  kept.set(url, { etag, body })
  if (kept.size > keptMax) kept.delete(kept.keys().next().value!)
}

/** GET, as JSON. An answer that has not changed since is not sent again. */
export async function ask<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const url = address(path, query)
  const known = kept.get(url)
  const response = await send(url, {
    headers: headers({ accept: 'application/json', ...(known ? { 'if-none-match': known.etag } : {}) }),
    ...(signal ? { signal } : {}),
  })
  if (response.status === 304 && known) return known.body as T
  const body: unknown = await response.json()
  keep(url, response, body)
  return body as T
}

/** GET, as text of a type. */
export async function askText(path: string, query: Query = {}, accept = 'text/plain'): Promise<string> {
  return (await send(address(path, query), { headers: headers({ accept }) })).text()
}

/** GET of a list that comes in pages: this page, and the address of the next one while there is more. */
export async function askPage<T>(
  url: string,
  signal?: AbortSignal,
): Promise<{ items: T[]; next: string | undefined }> {
  const response = await send(url, {
    headers: headers({ accept: 'application/json' }),
    ...(signal ? { signal } : {}),
  })
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
  return { items: (await response.json()) as T[], next }
}
