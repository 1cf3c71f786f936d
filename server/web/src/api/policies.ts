// The dictionary of policies, and what an enterprise gets of it and what it lacks: asked as of a moment.
import { ask, type Query } from './http'
import type { Fraction, Stamp } from './reports'

export interface Asked {
  as_of: string
  seq: number
  root: string
}

export interface PolicyRow {
  policy: string
  title: string
  number: string | null
  issuer: string | null
  status: string
  from: string
  until: string | null
  tags: string[]
  suggested: string[]
  keywords: { word: string; weight: number }[]
  items: { item: string; title: string }[]
  /** Where the text has what was looked for. */
  words: string
}

export interface Dictionary extends Asked {
  policies: number
  found: number
  rows: PolicyRow[]
}

export interface ConditionRow {
  node: number
  under: number
  kind: 'all' | 'any' | 'not' | 'leaf'
  text: string | null
  clause: string | null
  as_of?: string
  fresh_days?: number | null
  source?: string | null
}

export interface Window {
  from: string
  until: string
}

export interface PolicyItem {
  item: string
  title: string
  department: string
  standard: string
  contact: string | null
  mode: string
  status: string
  window: Window | null
  materials: string[]
  conditions_version: number
  conditions: ConditionRow[]
}

export interface PolicyVersion {
  version: number
  seq: number
  at: string
  title: string | null
  number: string
  from: string
  until: string | null
  reason: string | null
  text: string
}

export interface Suggestion {
  tag: string
  vocabulary: string
  seq: number
  status: 'pending' | 'confirmed' | 'rejected'
  sentences: string[]
}

export interface PolicyEntry extends Asked, Omit<PolicyRow, 'items' | 'words'> {
  text: string
  suggestions: Suggestion[]
  versions: PolicyVersion[]
  items: PolicyItem[]
}

export type Verdict = 'met' | 'not_met' | 'unknown'

export interface Leaf {
  node: number
  verdict: Verdict
  text: string
  clause: string | null
  value: string | null
  source: string | null
  as_of: string | null
  /** The event that brought the value. */
  seq: number | null
  stale: boolean
}

export interface Told {
  seq: number
  reason: string
  current: boolean
  read: boolean
}

export interface MatchRow {
  item: string
  title: string
  policy: string
  policy_title: string | null
  department: string
  standard: string
  mode: string
  window: Window | null
  verdict: Verdict
  text: string
  lacking: number
  missing: number
  reason: string | null
  leaves: Leaf[]
  push: Told | null
  application: { application: string; last: string } | null
}

interface Counts {
  met: number
  lacking: number
  lacking_one: number
  unknown: number
}

export interface EnterpriseMatches extends Asked, Counts {
  enterprise: string
  name: string
  active: boolean
  consent: { matching: boolean; pushing: boolean }
  subscribed: boolean
  rows: MatchRow[]
}

export interface FittingRow {
  enterprise: string
  name: string
  town: string | null
  industry: string | null
  size: string | null
  verdict: Verdict
  text: string
  push: Told | null
}

export interface ItemMatches extends Asked, Counts {
  item: string
  title: string
  found: number
  rows: FittingRow[]
}

export const policies = (query: Query, signal?: AbortSignal): Promise<Dictionary> =>
  ask('/v1/policies', query, signal)

export const policy = (no: string, query: Query, signal?: AbortSignal): Promise<PolicyEntry> =>
  ask(`/v1/policies/${encodeURIComponent(no)}`, query, signal)

/** What an enterprise gets, then what it lacks least of. */
export const matchesOf = (
  enterprise: string,
  query: Query,
  signal?: AbortSignal,
): Promise<EnterpriseMatches> => ask('/v1/matches', { ...query, enterprise }, signal)

/** Whom an item fits, of those that agreed to being matched. */
export const fitting = (item: string, query: Query, signal?: AbortSignal): Promise<ItemMatches> =>
  ask('/v1/matches', { ...query, item }, signal)

/** What a line of the policies' report counts. */
export interface Effect {
  pushed: number
  read: number
  applied: number
  granted: number
  paid: number
  amount: number
  eligible: number
  told: number
  never_told: number
  unreachable: number
  coverage: Fraction
}

export interface PoliciesReport extends Stamp {
  totals: Effect & { enterprises: number; consenting: number }
  policies: (Effect & { policy: string; title: string })[]
  items: (Effect & { item: string; policy: string; title: string; in_use: boolean })[]
  towns: (Effect & { town: string })[]
  industries: (Effect & { industry: string })[]
  sizes: (Effect & { size: string })[]
  tagging: {
    suggested: number
    confirmed: number
    rejected: number
    pending: number
    precision: Fraction
    recall: Fraction
  }
}
