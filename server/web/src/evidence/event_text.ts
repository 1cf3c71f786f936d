// An event's own fields as one line for people. Nothing is left out: a field without a heading shows its code.
import type { LedgerEvent } from '../api/events'
import { say } from '../words/say'
import { due as dueText } from '../words/times'
import { columnWord, word } from '../words/words'

/** Fields that the page says elsewhere: due times as clocks, versions of rules as themselves. */
const shownElsewhere = new Set(['dues', 'rules', 'calendar', 'return_until'])

const headings: Record<string, () => string> = {
  matter: () => say('事项', 'matter'),
  matters: () => say('事项', 'matters'),
  department: () => say('单位', 'department'),
  lead: () => say('主办', 'lead'),
  co: () => say('协办', 'co'),
  duty: () => say('主协办', 'duty'),
  method: () => say('方式', 'method'),
  person: () => say('联系人', 'person'),
  reason: () => say('理由', 'reason'),
  reasons: () => say('理由', 'reasons'),
  text: () => say('内容', 'text'),
  title: () => say('标题', 'title'),
  enterprise: () => say('企业', 'enterprise'),
  level: () => say('等级', 'level'),
  week: () => say('周', 'week'),
  percent: () => say('进度', 'percent'),
  obligation: () => say('时限', 'duty'),
  workdays: () => say('工作日', 'working days'),
  reached: () => say('联系上', 'reached'),
  solved: () => say('解决', 'solved'),
  satisfied: () => say('满意', 'satisfied'),
  passed: () => say('通过', 'passed'),
  upheld: () => say('异议成立', 'upheld'),
  proposed: () => say('建议单位', 'proposed'),
  plan: () => say('计划', 'plan'),
  until: () => say('至', 'until'),
  round: () => say('轮次', 'round'),
  finding: () => say('核实', 'finding'),
  category: () => say('类别', 'category'),
  urgency: () => say('紧急程度', 'urgency'),
  route: () => say('告知的途径', 'route told'),
  to: () => say('转给', 'to'),
  into: () => say('并入诉求', 'into appeal'),
  receipt: () => say('回执号', 'receipt number'),
  review: () => say('下次复核', 'next review'),
  handler: () => say('经办人', 'handler'),
  evidence: () => say('佐证（指纹）', 'evidence (fingerprints)'),
  code: () => say('剔除代码', 'code'),
  event: () => say('事件号', 'event'),
  field: () => say('栏目', 'field'),
  approver: () => say('批准人', 'approver'),
  card: () => say('黄牌或红牌', 'card'),
  attachments: () => say('附件（指纹）', 'attachments (fingerprints)'),
}

/** The heading of a field of an event or command. */
export const fieldWord = (name: string): string => headings[name]?.() ?? columnWord(name)

function valueText(value: unknown): string {
  if (value === true) return say('是', 'yes')
  if (value === false) return say('否', 'no')
  if (Array.isArray(value)) return value.map(valueText).join(say('、', ', '))
  if (value !== null && typeof value === 'object') {
    if ('sealed' in value) return say('保密', 'sealed')
    return `{${fieldsText(value as Record<string, unknown>)}}`
  }
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT00:00:00\.0+\+08:00$/.test(value)) return dueText(value)
  return typeof value === 'string' ? word(value) : String(value)
}

function fieldsText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([name, value]) => !shownElsewhere.has(name) && value !== null)
    .map(([name, value]) => `${fieldWord(name)}${say('：', ': ')}${valueText(value)}`)
    .join(say('；', '; '))
}

export const dataText = (event: LedgerEvent): string => fieldsText(event.data)
