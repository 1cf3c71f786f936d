// The appeals of one enterprise, newest first; an enterprise is given its own only.
import { ask } from './http'

export interface OwnAppeal {
  appeal: string
  title: string
  category: string
  status: string
  submitted_at: string
  /** Of the submission. */
  seq: number
  leaf_hash: string
  last_seq: number
}

/** The newest hundred. */
export function appealsOf(
  enterprise: string,
  signal?: AbortSignal,
): Promise<{ total: number; appeals: OwnAppeal[] }> {
  return ask(`/v1/enterprises/${enterprise}/appeals`, {}, signal)
}
