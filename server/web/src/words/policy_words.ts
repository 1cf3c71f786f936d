// Words of the policies that are not columns of a report.
import { say } from './say'
import { word } from './words'

const verdicts: Record<string, () => string> = {
  met: () => say('符合', 'met'),
  not_met: () => say('不符合', 'not met'),
  unknown: () => say('待补数据', 'data missing'),
}
export const verdictWord = (code: string): string => verdicts[code]?.() ?? word(code)

/** What a row of a match comes to: 符合, 差 2 项, 待补数据. */
export function outcomeWord({
  text,
  lacking,
  missing,
}: {
  text: string
  lacking: number
  missing: number
}): string {
  if (lacking > 0) return say(text, `lacks ${lacking}`)
  return say(text, missing > 0 ? 'data missing' : 'met')
}

const kinds: Record<string, () => string> = {
  all: () => say('以下各项都要符合', 'all of'),
  any: () => say('以下任一项符合', 'any of'),
  not: () => say('不得有', 'none of'),
}
export const kindWord = (code: string): string => kinds[code]?.() ?? code
