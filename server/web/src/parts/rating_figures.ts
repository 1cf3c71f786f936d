// The figures of 好差评 in the order of every table: the five levels, the rates, and what was contested.
import { say } from '../words/say'
import { word } from '../words/words'

export const levels = ['5', '4', '3', '2', '1'] as const
/** In Chinese by its name; in English the number alone would not say which end is the good one. */
export const levelName = (level: string): string =>
  say(word(level), level === '5' ? '5 (best)' : level === '1' ? '1 (worst)' : level)

export const rates = [
  'active',
  'good',
  'satisfied',
  'bad',
  'called_back',
  'verified_in_time',
  'rectified',
  'rectified_in_time',
] as const
export const counts = ['contested', 'upheld', 'invalidated'] as const
