// Events, and what stands behind figures.
import { address, ask, askPage, type Query } from './http'
import type { ReportName } from './reports'

export interface Due {
  obligation: string
  due: string
  workdays: number
  provisional: boolean
}

export interface LedgerEvent {
  seq: number
  stream: string
  version: number
  event: string
  recorded_at: string
  occurred_at: string
  actor: { id: string; role: string; department?: string }
  imported: boolean
  derived: boolean
  data: Record<string, unknown> & { dues?: Due[] }
  leaf_hash: string
}

export interface StreamHistory {
  stream: string
  version: number
  as_of: string
  seq: number
  root: string
  events: LedgerEvent[]
}

export interface Why {
  report: string
  cell: string
  value: number | null
  as_of: string
  seq: number
  root: string
  events: LedgerEvent[]
}

export interface Change {
  cell: string
  before: unknown
  after: unknown
  seqs: number[]
}

export interface Diff {
  report: string
  from: { as_of: string; seq: number; root: string }
  to: { as_of: string; seq: number; root: string }
  changes: Change[]
}

/** The events of a stream, oldest first. */
export function history(
  kind: string,
  no: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<StreamHistory> {
  return ask(`/v1/streams/${kind}/${encodeURIComponent(no)}`, query, signal)
}

/** The events behind one figure: the same predicate that counted it. */
export function why(name: ReportName, cell: string, query: Query, signal?: AbortSignal): Promise<Why> {
  return ask(`/v1/reports/${name}/why`, { ...query, cell }, signal)
}

/** What changed in a report between two moments, and which events changed it. */
export function diff(name: ReportName, since: string, until: string, query: Query): Promise<Diff> {
  return ask(`/v1/reports/${name}/diff`, { ...query, since, until })
}

/** Every event on streams of one kind, up to an event number, oldest first. */
export async function eventsOfKind(kind: string, upTo: number, signal?: AbortSignal): Promise<LedgerEvent[]> {
  const found: LedgerEvent[] = []
  let next: string | undefined = address('/v1/events', { kind, limit: 1_000 })
  while (next) {
    const page: { items: { data: LedgerEvent }[]; next: string | undefined } = await askPage(next, signal)
    const events = page.items.map(({ data }) => data)
    found.push(...events.filter(({ seq }) => seq <= upTo))
    const after = Number(new URLSearchParams(page.next?.split('?')[1]).get('after'))
    next = after < upTo ? page.next : undefined
  }
  return found
}
