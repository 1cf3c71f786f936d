// The pages of the desk, in the order of the menu; a role sees those that it has work on, or may read (docs/ROLES.md).
import { me } from './api/identity'
import { say } from './words/say'

export interface Place {
  path: string
  name: () => string
  /** Whose work it is; everybody's without it. */
  roles?: string[]
}

const office = ['office_clerk', 'office_lead']
const readers = [...office, 'district_leader', 'inspector']

const all: Place[] = [
  { path: '/overview', name: () => say('总览', 'Overview'), roles: readers },
  {
    path: '/dispatch',
    name: () => say('分解转办', 'Dispatch'),
    roles: office,
  },
  {
    path: '/department',
    name: () => say('承办', 'Assignments'),
    roles: ['department_officer', ...office],
  },
  {
    path: '/ledger',
    name: () => say('闭环台账', 'Closed-loop ledger'),
    roles: ['department_officer', ...readers],
  },
  { path: '/weekly', name: () => say('周报', 'Weekly report'), roles: readers },
  { path: '/ratings', name: () => say('好差评', 'Ratings'), roles: readers },
  { path: '/plan', name: () => say('攻坚任务', 'Plan'), roles: readers },
  { path: '/supervision', name: () => say('监督员', 'Supervisors'), roles: readers },
  {
    path: '/policies',
    name: () => say('政策辞典', 'Policies'),
    roles: ['department_officer', 'supervisor', ...readers],
  },
  { path: '/coverage', name: () => say('政策覆盖', 'Coverage'), roles: readers },
  { path: '/inspector', name: () => say('检查回放', 'Inspection') },
]

export const placesOf = (role: string): Place[] =>
  all.filter((place) => place.roles === undefined || place.roles.includes(role))

/** Where one begins. */
export function home(): string {
  const places = placesOf(me.value?.role ?? '')
  return (places.find(({ path }) => path === '/department' && me.value?.department) ?? places[0]!).path
}

/** What a role's sign-in shows, in a few words: for whoever tries the pages out. */
export function shows(role: string): string {
  const own: Record<string, () => string> = {
    enterprise: () =>
      say('手机端：提诉求、看进度、评价、政策匹配', 'the phone: file, follow, rate, policies'),
    administrator: () => say('核对存证；名录与设置用接口', 'checking proofs; settings by the API'),
    system: () => say('对接用，不看网页', 'for programs'),
  }
  return (
    own[role]?.() ??
    placesOf(role)
      .map((place) => place.name())
      .join(say('、', ', '))
  )
}
