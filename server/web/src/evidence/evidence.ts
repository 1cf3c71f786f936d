// The evidence drawer: any figure of any report opens the events that were counted for it, and anything that has a
// stream of its own opens its history.
import { shallowRef } from 'vue'
import type { Query } from '../api/http'
import type { ReportName } from '../api/reports'

export interface FigureEvidence {
  report: ReportName
  /** The cell, as `bihuan why` names it: departments/D07/completed_late. */
  cell: string
  /** The question that the report answered, with its moment. */
  query: Query
  title: string
}

export interface StreamEvidence {
  /** As task/T025. */
  stream: string
  query: Query
  title: string
}

export type Evidence = FigureEvidence | StreamEvidence

export const opened = shallowRef<Evidence>()

export function openEvidence(evidence: Evidence): void {
  opened.value = evidence
}

export function closeEvidence(): void {
  opened.value = undefined
}
