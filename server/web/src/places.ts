// The pages of the desk, in the order of the menu; a role sees those that it has work on.
import { me } from './api/identity'
import { say } from './words/say'

export interface Place {
  path: string
  name: () => string
  /** Whose work it is; everybody's without it. */
  roles?: string[]
}

const all: Place[] = [
  { path: '/overview', name: () => say('总览', 'Overview') },
  {
    path: '/dispatch',
    name: () => say('分解转办', 'Dispatch'),
    roles: ['office_clerk', 'office_lead'],
  },
  {
    path: '/department',
    name: () => say('承办', 'Assignments'),
    roles: ['department_officer', 'office_clerk', 'office_lead'],
  },
  { path: '/ledger', name: () => say('闭环台账', 'Closed-loop ledger') },
  { path: '/weekly', name: () => say('周报', 'Weekly report') },
  { path: '/ratings', name: () => say('好差评', 'Ratings') },
  { path: '/plan', name: () => say('攻坚任务', 'Plan') },
  { path: '/supervision', name: () => say('监督员', 'Supervisors') },
  { path: '/inspector', name: () => say('检查回放', 'Inspection') },
]

export const placesOf = (role: string): Place[] =>
  all.filter((place) => place.roles === undefined || place.roles.includes(role))

/** Where one begins. */
export const home = (): string => (me.value?.role === 'department_officer' ? '/department' : '/overview')
