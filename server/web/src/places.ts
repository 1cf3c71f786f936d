// The pages of the desk, in the order of the menu.
import { say } from './words/say'

export interface Place {
  path: string
  name: () => string
}

export const places: Place[] = [
  { path: '/overview', name: () => say('总览', 'Overview') },
  { path: '/ledger', name: () => say('闭环台账', 'Closed-loop ledger') },
  { path: '/weekly', name: () => say('周报', 'Weekly report') },
  { path: '/ratings', name: () => say('好差评', 'Ratings') },
  { path: '/plan', name: () => say('攻坚任务', 'Plan') },
  { path: '/supervision', name: () => say('监督员', 'Supervisors') },
  { path: '/inspector', name: () => say('检查回放', 'Inspection') },
]
