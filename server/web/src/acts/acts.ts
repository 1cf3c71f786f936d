// What somebody may do with a case now, and why not the rest, from the printed manual alone. The ledger has the last
// word: what is offered here can still be refused, with its reason.
import manual from 'virtual:manual'
import type { CommandPage, Step } from '../../manual'
import type { Me } from '../api/identity'
import type { AssignmentStanding, Standing } from './standing'

export interface Act {
  page: CommandPage
  /** Of which assignment, when it is of one. */
  assignment?: AssignmentStanding
}

export type Hindrance = 'role' | 'status' | 'not_asked'

export interface Barred {
  page: CommandPage
  why: Hindrance
  /** Who may, and in which statuses, as the manual has it. */
  by: string[]
  from: string[]
}

export interface Acts {
  open: Act[]
  barred: Barred[]
}

const asked: Record<string, AssignmentStanding['asked']> = {
  ApproveReturn: 'return',
  RefuseReturn: 'return',
  ApproveExtension: 'extension',
  RefuseExtension: 'extension',
  ApproveLongTerm: 'long_term',
  RefuseLongTerm: 'long_term',
}

const needsMatters = 'NotDecomposed'
const forOneMatter = (page: CommandPage): boolean => page.fields.some((field) => field.name === 'matter')

/** A command that its guards keep for the lead, or for a co-handler. */
const isOfDuty = (page: CommandPage, { duty }: AssignmentStanding): boolean =>
  !(page.refusals.includes('NotLead') && duty !== 'lead') &&
  !(page.refusals.includes('NotCoHandler') && duty !== 'co')

function statusOf(step: Step, standing: Standing): string {
  return step.lifecycle === '评价' ? standing.rating || 'none' : standing.appeal || 'none'
}

function onAssignments(page: CommandPage, standing: Standing, me: Me): Act[] {
  const steps = page.steps.filter((step) => step.lifecycle === '承办单' && step.by.includes(me.role))
  const wanted = page.refusals.includes('NoPendingRequest') ? asked[page.command] : undefined
  return standing.assignments
    .filter((one) => me.role !== 'department_officer' || one.department === me.department)
    .filter((one) => steps.some((step) => step.from.includes(one.status)))
    .filter((one) => isOfDuty(page, one))
    .filter((one) => wanted === undefined || one.asked === wanted)
    .map((assignment) => ({ page, assignment }))
}

function onCase(page: CommandPage, standing: Standing, me: Me): Act[] {
  if (page.refusals.includes(needsMatters))
    return standing.appeal === 'accepted' &&
      standing.matters.length > 0 &&
      page.steps.some((step) => step.by.includes(me.role))
      ? [{ page }]
      : []
  return page.steps.some(
    (step) =>
      step.lifecycle !== '承办单' &&
      step.by.includes(me.role) &&
      step.from.includes(statusOf(step, standing)),
  )
    ? [{ page }]
    : []
}

function whyNot(page: CommandPage, standing: Standing, me: Me): Barred {
  const isOfRole = page.steps.some((step) => step.by.includes(me.role))
  const isOfStatus = standing.assignments.some((one) =>
    page.steps.some((step) => step.lifecycle === '承办单' && step.from.includes(one.status)),
  )
  return {
    page,
    why: !isOfRole ? 'role' : asked[page.command] && isOfStatus ? 'not_asked' : 'status',
    by: [...new Set(page.steps.flatMap((step) => step.by))],
    from: [...new Set(page.steps.flatMap((step) => step.from))],
  }
}

/** Every command on this case is in one of the two lists. */
export function actsOn(standing: Standing, me: Me): Acts {
  const acts: Acts = { open: [], barred: [] }
  for (const page of manual) {
    const open = [
      ...onCase(page, standing, me),
      ...(forOneMatter(page) ? onAssignments(page, standing, me) : []),
    ]
    if (open.length) acts.open.push(...open)
    else acts.barred.push(whyNot(page, standing, me))
  }
  return acts
}
