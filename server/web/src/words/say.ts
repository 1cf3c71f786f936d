// Two languages, Chinese first. Domain words come from the glossary (words.ts); sentences of pages stand where they
// are used, in both languages beside each other.
import { ref } from 'vue'

export type Language = 'zh' | 'en'

const kept = typeof localStorage === 'undefined' ? null : localStorage.getItem('language')

export const language = ref<Language>(kept === 'en' ? 'en' : 'zh')

/** The sentence in the language chosen; pages that call it while drawing follow a change by themselves. */
export function say(chinese: string, english: string): string {
  return language.value === 'zh' ? chinese : english
}

/** "1 row", "2 rows": an English noun with its count. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Chooses the language, for this browser. */
export function speak(chosen: Language): void {
  language.value = chosen
  localStorage.setItem('language', chosen)
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
}
