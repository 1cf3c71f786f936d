// Where a case stands, by going through its events with the printed lifecycle tables (virtual:manual). Needed where no
// report may be read (an enterprise's phone), and to say which command may come next; lights and dues come
// from the ledger alone.
import manual from 'virtual:manual'
import type { Due, LedgerEvent } from '../api/events'

export interface AssignmentStanding {
  matter: number
  department: string
  duty: string
  track: string
  status: string
  dues: Due[]
  /** What the department asked for and nobody has ruled on. */
  asked: '' | 'return' | 'extension' | 'long_term'
}

export interface Standing {
  /** Status of the appeal; '' before it was submitted. */
  appeal: string
  matters: { matter: number; text: string; lead: string; co: string[] }[]
  assignments: AssignmentStanding[]
  /** Status of the last rating round; '' when none was invited. */
  rating: string
  dues: Due[]
}

const byEvent = new Map(manual.map((page) => [page.event, page]))

/** These lead back to where the thing was before the command that they undo or refuse. */
const leadsBack = new Set([
  'AppealUnmerged',
  'ReturnRefused',
  'CompletionSentBack',
  'ContestUpheld',
  'ContestDismissed',
])

class Place {
  status = ''
  private before = ''

  move(lifecycle: string, event: string): void {
    if (leadsBack.has(event) && this.before) {
      this.status = this.before
      return
    }
    const from = this.status || 'none'
    const step = byEvent
      .get(event)
      ?.steps.find((one) => one.lifecycle === lifecycle && one.to && one.from.includes(from))
    if (!step) return
    this.before = this.status
    this.status = step.to
  }
}

const asks: Record<string, AssignmentStanding['asked']> = {
  ReturnRequested: 'return',
  ReturnRefused: '',
  ExtensionRequested: 'extension',
  ExtensionApproved: '',
  ExtensionRefused: '',
  LongTermRequested: 'long_term',
  LongTermApproved: '',
  LongTermRefused: '',
}

const concerns = (event: LedgerEvent, lifecycle: string): boolean =>
  byEvent.get(event.event)?.steps.some((step) => step.lifecycle === lifecycle) ?? false

interface Walker {
  place: Place
  standing: AssignmentStanding
}

function walk(event: LedgerEvent, assignments: Map<string, Walker>): void {
  const { matter, department } = event.data as { matter?: number; department?: string }
  if (matter === undefined || !department || !concerns(event, '承办单')) return
  const key = `${matter}/${department}`
  const isNew = event.event === 'AssignmentDispatched'
  if (isNew) {
    const { duty, track } = event.data as { duty: string; track: string }
    const standing = { matter, department, duty, track, status: '', dues: [], asked: '' as const }
    assignments.set(key, { place: new Place(), standing })
  }
  const found = assignments.get(key)
  if (!found) return
  found.place.move('承办单', event.event)
  const { standing } = found
  standing.status = found.place.status
  standing.asked = asks[event.event] ?? standing.asked
  if (standing.status === 'long_term') standing.track = 'long_term'
  const given = event.data.dues ?? []
  standing.dues = [
    ...standing.dues.filter((old) => given.every((due) => due.obligation !== old.obligation)),
    ...given,
  ]
}

/** Where the case of these events stands after the last of them. */
export function standingAfter(events: readonly LedgerEvent[]): Standing {
  const appeal = new Place()
  let round = new Place()
  let dues: Due[] = []
  let matters: Standing['matters'] = []
  const assignments = new Map<string, Walker>()
  for (const event of events) {
    appeal.move('诉求', event.event)
    if (event.event === 'RatingInvited') {
      round = new Place()
      round.status = 'invited'
    } else round.move('评价', event.event)
    if (event.event === 'AppealDecomposed')
      matters = (event.data.matters as Standing['matters']).map((one) => ({ ...one, co: one.co ?? [] }))
    walk(event, assignments)
    if (event.data.dues && !concerns(event, '承办单')) dues = [...dues, ...event.data.dues]
  }
  return {
    appeal: appeal.status,
    matters,
    assignments: [...assignments.values()].map(({ standing }) => standing),
    rating: round.status,
    dues,
  }
}
