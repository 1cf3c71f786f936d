// The way of an appeal as an enterprise sees it: what has happened, what comes next and by when.
import type { LedgerEvent } from '../api/events'
import type { Standing } from '../acts/standing'
import { say } from '../words/say'
import { due, minute } from '../words/times'
import { eventWord, word } from '../words/words'

export interface TrackStep {
  name: string
  /** When it was done, first and last in this round; '' when not. */
  done: string
  note: string
  isNext: boolean
}

/** The stations, with the events that reach them, and the duties whose due tells when they will be. */
const stations: { events: string[]; obligation: string }[] = [
  { events: ['AppealSubmitted'], obligation: '' },
  { events: ['AppealAccepted'], obligation: 'accept' },
  { events: ['AssignmentDispatched'], obligation: 'dispatch' },
  { events: ['EnterpriseContacted'], obligation: 'contact' },
  { events: ['CompletionReported'], obligation: 'completion' },
  { events: ['AppealConcluded'], obligation: '' },
  { events: ['AppealAnswered'], obligation: '' },
  { events: ['CallbackRecorded'], obligation: 'callback' },
  { events: ['AppealClosed'], obligation: '' },
]

const ended = ['AppealRejected', 'AppealWithdrawn', 'AppealTransferredOut', 'AppealExcluded', 'AppealMerged']

function noteOf(event: LedgerEvent): string {
  const { outcome, text, reason, exhausted, reached, solved, satisfied } = event.data
  const answers = [
    reached === false ? say('未联系上', 'not reached') : '',
    exhausted ? say('三次未联系上，不再回访', 'tried three times') : '',
    solved === undefined || solved === null
      ? ''
      : solved
        ? say('您说：已解决', 'you said: solved')
        : say('您说：未解决', 'you said: not solved'),
    satisfied === undefined || satisfied === null
      ? ''
      : satisfied
        ? say('满意', 'satisfied')
        : say('不满意', 'not satisfied'),
  ]
  return [outcome ? word(String(outcome)) : '', text ?? reason ?? '', ...answers].filter(Boolean).join(' · ')
}

/** The office's answer, about which the enterprise is asked; null: no callback is owed (any more). */
export function callbackAsked(events: readonly LedgerEvent[], standing: Standing): string | null {
  if (standing.appeal !== 'answered') return null
  const round = events.slice(events.findLastIndex((event) => event.event === 'AppealConcluded'))
  const isOwed = round[0]?.data.dues?.some((due) => due.obligation === 'callback')
  const isDone = round.some(
    ({ event, data }) => event === 'CallbackRecorded' && Boolean(data.reached || data.exhausted),
  )
  if (!isOwed || isDone) return null
  const answered = round.findLast((event) => event.event === 'AppealAnswered')
  return String(answered?.data.text ?? '')
}

/** The track of the events as they stand; a reopened appeal begins its second half again. */
export function trackOf(events: readonly LedgerEvent[], standing: Standing): TrackStep[] {
  const reopened = events.findLastIndex((event) => event.event === 'AppealReopened')
  const stop = events.findLast((event) => ended.includes(event.event))
  const clocks = [...standing.dues, ...standing.assignments.flatMap((one) => one.dues)]
  const steps = stations.map(({ events: names, obligation }, i) => {
    const isOfThisRound = (at: number): boolean => i < 2 || at > reopened
    const found = events.findLast((event, at) => names.includes(event.event) && isOfThisRound(at))
    const clock = clocks.findLast((one) => one.obligation === obligation)
    const expected = clock
      ? say(`应在 ${due(clock.due)} 之前`, `due by ${due(clock.due)}`) +
        (clock.provisional ? say('（暂定）', ' (provisional)') : '')
      : ''
    return {
      name: eventWord(names[0]!),
      done: found ? minute(found.recorded_at) : '',
      note: found ? noteOf(found) : expected,
      isNext: false,
    }
  })
  const last = steps.findLastIndex((step) => step.done !== '')
  if (stop)
    return [
      ...steps.slice(0, last + 1),
      {
        name: eventWord(stop.event),
        done: minute(stop.recorded_at),
        note: noteOf(stop),
        isNext: false,
      },
    ]
  return steps.map((step, i) => ({
    ...step,
    note: step.done || i === last + 1 ? step.note : '',
    isNext: i === last + 1,
  }))
}
