// The evidence drawer: any figure of any report opens the events that were counted for it.
import { shallowRef } from 'vue'
import type { Query } from '../api/http'
import type { ReportName } from '../api/reports'

export interface Figure {
  report: ReportName
  /** The cell, as `bihuan why` names it: departments/D07/completed_late. */
  cell: string
  /** The question that the report answered, with its moment. */
  query: Query
  title: string
}

export const opened = shallowRef<Figure>()

export function openEvidence(figure: Figure): void {
  opened.value = figure
}

export function closeEvidence(): void {
  opened.value = undefined
}
