// The reports, in the shapes of the contract (interfaces.md section 4).
import { ask, askText, type Query } from './http'
import type { PoliciesReport } from './policies'

export interface Fraction {
  n: number
  d: number
}

/** What every report begins with: the moment it was drawn from. */
export interface Stamp {
  report: string
  district: string
  as_of: string
  seq: number
  root: string
  rules: string
}

export type LightName = 'green' | 'yellow' | 'red' | 'grey' | null

export interface LedgerRow {
  no: number
  appeal: string
  matter: number | null
  department: string | null
  duty: 'lead' | 'co' | null
  enterprise: string
  category: string
  channel: string
  title: string
  track: string | null
  submitted_at: string
  accepted_at: string | null
  dispatched_at: string | null
  signed_at: string | null
  contact_due: string | null
  contacted_at: string | null
  completion_due: string | null
  completed_at: string | null
  extensions: number
  progress_last: string | null
  status: string
  light: LightName
  overdue_workdays: number
  yellow_cards: number
  red_cards: number
  returns: number
  reminders: number
  reopens: number
  concluded_at: string | null
  outcome: string | null
  answered_at: string | null
  callback: { reached: boolean; solved: boolean | null; satisfied: boolean | null } | null
  rating: number | null
  rectification: string | null
  closed_at: string | null
  last_seq: number
}

export interface LedgerReport extends Stamp {
  total: number
  rows: LedgerRow[]
}

export interface Totals {
  submitted: number
  accepted: number
  rejected: number
  withdrawn: number
  concluded: number
  reopened: number
  open: number
  overdue_open: number
  rated: number
  bad_rated: number
}

export interface DepartmentRow {
  department: string
  name: string
  dispatched: number
  completed_on_time: number
  completed_late: number
  open: number
  overdue: number
  returned: number
  contact: Fraction
  completion: Fraction
  progress_due: number
  progress_filed: number
  yellow: number
  red: number
  dissatisfied: number
}

export interface LightRow {
  appeal: string
  matter: number | null
  department: string | null
  obligation: string
  due: string
  light: LightName
  overdue_workdays: number
}

export interface LongTermRow {
  appeal: string
  matter: number
  department: string
  week_text: string | null
  percent: number | null
  filed: boolean
}

export interface DueRow {
  appeal: string
  matter: number | null
  department: string | null
  obligation: string
  due: string
}

export interface EnvironmentRow {
  environment: string
  total: number
  not_started: number
  on_plan: number
  yellow: number
  red: number
  completed: number
  closed: number
}

export interface SupervisionTotals {
  filed: number
  registered: number
  answered: number
  closed: number
  open: number
  overdue: number
}

export interface RatingFigures {
  invited: number
  rated: number
  levels: Record<'5' | '4' | '3' | '2' | '1', number>
  active: Fraction
  good: Fraction
  satisfied: Fraction
  bad: Fraction
  called_back: Fraction
  verified_in_time: Fraction
  rectified: Fraction
  rectified_in_time: Fraction
  contested: number
  upheld: number
  invalidated: number
}

export interface WeeklyReport extends Stamp {
  week: string
  from: string
  to: string
  totals: Totals
  previous: Totals
  departments: DepartmentRow[]
  lights: LightRow[]
  long_term: LongTermRow[]
  supervision: SupervisionTotals
  plan: EnvironmentRow[]
  due_next_week: DueRow[]
  ratings: RatingFigures
}

export interface RatingGroup extends RatingFigures {
  department?: string
  channel?: string
  category?: string
  week?: string
}

export interface RatingsReport extends Stamp, RatingFigures {
  from: string
  to: string
  groups?: RatingGroup[]
}

export interface Milestone {
  name: string
  date: string
  weight: number
  done: boolean
}

export interface TaskRow {
  task: string
  title: string
  target: string | null
  lead: string | null
  co: string[]
  due: string
  original_due: string
  planned: number
  percent: number
  status: string
  light: LightName
  progress_last: string | null
  milestones: Milestone[]
  last_seq: number
}

export interface PlanEnvironment extends EnvironmentRow {
  plan: string
  statuses: Record<string, number>
  lights: Record<string, number>
  domains: { domain: string; tasks: TaskRow[] }[]
}

export interface PlanReport extends Stamp {
  totals: { environments: number; domains: number; tasks: number; created: number }
  environments: PlanEnvironment[]
}

export interface SupervisionRow {
  no: number
  report: string
  supervisor: string
  kind: string
  grade: string | null
  title: string
  filed_at: string
  registered_at: string | null
  department: string | null
  due: string | null
  progress: string | null
  class: string | null
  concluded_at: string | null
  answered_at: string | null
  rating: number | null
  status: string
  light: LightName
  closed_at: string | null
  last_seq: number
}

export interface SupervisionReport extends Stamp {
  rows: SupervisionRow[]
  totals: SupervisionTotals
}

export interface ReportKinds {
  weekly: WeeklyReport
  'closed-loop': LedgerReport
  ratings: RatingsReport
  plan: PlanReport
  supervision: SupervisionReport
  policies: PoliciesReport
}

export type ReportName = keyof ReportKinds

/** A report; the query's names are those of the command line. */
export function report<R extends ReportName>(
  name: R,
  query: Query,
  signal?: AbortSignal,
): Promise<ReportKinds[R]> {
  return ask(`/v1/reports/${name}`, query, signal)
}

/** The same as comma-separated values, headed in Chinese. */
export function reportCsv(name: ReportName, query: Query): Promise<string> {
  return askText(`/v1/reports/${name}`, query, 'text/csv')
}
