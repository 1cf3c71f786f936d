// The foot of every printed sheet: the moment, the event number and the tree root that the page was drawn from, and
// which sheet of how many. Margin boxes of @page know no element, so their words are put into a style sheet.
import { watchEffect } from 'vue'
import { say } from '../words/say'
import { second } from '../words/times'
import { drawn } from './stamp'

/** A text as a CSS string: nothing in it can end the string. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\\n]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)} `)}"`

/** The rules of the foot; without a moment only the number of the sheet. */
export function footRules(stamp: { as_of: string; seq: number; root: string } | undefined): string {
  const font = "font: 7.5pt 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif; color: #444;"
  const sheet = `"${say('第 ', 'page ')}" counter(page) "${say(' 页 / 共 ', ' of ')}" counter(pages) "${say(' 页', '')}"`
  const moment = stamp
    ? `${say('截至', 'as of')} ${second(stamp.as_of)} · ${say('事件号', 'seq')} ${stamp.seq}`
    : ''
  const root = stamp ? `${say('树根', 'root')} ${stamp.root}` : ''
  return `@page {
    @bottom-left { content: ${quoted(moment)}; ${font} }
    @bottom-center { content: ${sheet}; ${font} }
    @bottom-right { content: ${quoted(root)}; ${font} font-size: 6pt; }
  }`
}

/** Keeps the foot as the page is. */
export function usePrintFoot(): void {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  watchEffect(() => sheet.replaceSync(footRules(drawn.value)))
}
