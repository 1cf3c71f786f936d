// The pages of the desk, in the order of the menu.
import { say } from './words/say'

export interface Place {
  path: string
  name: () => string
}

export const places: Place[] = [{ path: '/ledger', name: () => say('闭环台账', 'Closed-loop ledger') }]
