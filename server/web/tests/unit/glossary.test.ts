import { describe, expect, it } from 'vitest'
import glossary from 'virtual:glossary'
import { lights, rowStatuses, statusWord, word, eventWord } from '../../src/words/words'

describe('words', () => {
  it('come from the glossary: none that pages use is missing there', () => {
    for (const status of rowStatuses) expect(statusWord(status)).not.toBe(status)
    for (const light of lights) expect(word(light)).not.toBe(light)
    for (const code of [
      'solved',
      'not_possible',
      'lead',
      'co',
      'same_day',
      'contact',
      'app',
      'import',
      'office_clerk',
    ])
      expect(word(code)).not.toBe(code)
  })

  it('name events and commands alike', () => {
    expect(eventWord('CompletionReported')).toBe('反馈完成')
    expect(eventWord('ReportCompletion')).toBe('反馈完成')
    expect(Object.keys(glossary.events).length).toBeGreaterThan(200)
  })

  it('show a code that nobody named as it stands', () => expect(word('nameless_code')).toBe('nameless_code'))
})
