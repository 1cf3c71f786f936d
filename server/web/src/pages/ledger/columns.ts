// The columns of the closed-loop ledger, their headings as `bihuan report closed-loop` prints them, and their text.
import type { LedgerRow } from '../../api/reports'
import { dueCell, timeCell } from '../../parts/report_sheet'
import type { Cell } from '../../parts/xlsx'
import { say } from '../../words/say'
import { due, isLate, minute } from '../../words/times'
import { statusWord, word } from '../../words/words'

export interface LedgerColumn {
  key: keyof LedgerRow
  name: () => string
  width: number
  isNumber?: boolean
  /** Shown until the reader chooses otherwise. */
  isUsual?: boolean
  text: (row: LedgerRow, department: (id: string | null) => string) => string
  /** What a spreadsheet gets, where it is more than the text: numbers as numbers, times as times. */
  cell?: (row: LedgerRow) => Cell
}

type Key = keyof LedgerRow
type Shown = Pick<LedgerColumn, 'text' | 'cell'>

const plain = (key: Key): Shown => ({
  text: (row) => String(row[key] ?? ''),
  cell: (row) => row[key] as string | number | null,
})
const timeOf = (row: LedgerRow, key: Key): string | null => row[key] as string | null
const time = (key: Key): Shown => ({
  text: (row) => minute(timeOf(row, key)),
  cell: (row) => timeCell(timeOf(row, key)),
})
const dueAt = (key: Key): Shown => ({
  text: (row) => due(timeOf(row, key)),
  cell: (row) => dueCell(timeOf(row, key)),
})
const coded = (key: Key): Shown => ({ text: (row) => (row[key] ? word(String(row[key])) : '') })
const late = (met: Key, limit: Key): Shown => ({
  text: (row) => {
    const text = minute(timeOf(row, met))
    return isLate(timeOf(row, met), timeOf(row, limit)) ? `${text} ${say('超时', 'late')}` : text
  },
  cell: (row) => timeCell(timeOf(row, met)),
})

/** Reached, solved, satisfied: a tick, a cross, or a dash for what was not asked. */
export function callbackText(callback: LedgerRow['callback']): string {
  if (!callback) return ''
  const mark = (is: boolean | null): string => (is === null ? '—' : is ? '✓' : '✗')
  return `${mark(callback.reached)} / ${mark(callback.solved)} / ${mark(callback.satisfied)}`
}

export const ledgerColumns: LedgerColumn[] = [
  { key: 'appeal', name: () => say('编号', 'No.'), width: 136, isUsual: true, ...plain('appeal') },
  { key: 'no', name: () => say('序号', 'Row'), width: 64, isNumber: true, ...plain('no') },
  { key: 'light', name: () => say('灯色', 'Light'), width: 64, isUsual: true, ...coded('light') },
  {
    key: 'status',
    name: () => say('状态', 'Status'),
    width: 96,
    isUsual: true,
    text: (row) => statusWord(row.status),
  },
  { key: 'title', name: () => say('诉求内容', 'Appeal'), width: 220, isUsual: true, ...plain('title') },
  {
    key: 'department',
    name: () => say('承办单位', 'Department'),
    width: 170,
    isUsual: true,
    text: (row, name) => name(row.department),
  },
  { key: 'duty', name: () => say('主协办', 'Duty'), width: 72, ...coded('duty') },
  { key: 'matter', name: () => say('事项', 'Matter'), width: 56, isNumber: true, ...plain('matter') },
  {
    key: 'enterprise',
    name: () => say('统一社会信用代码', 'Credit code'),
    width: 176,
    ...plain('enterprise'),
  },
  {
    key: 'category',
    name: () => say('类别', 'Category'),
    width: 110,
    isUsual: true,
    ...plain('category'),
  },
  { key: 'channel', name: () => say('来源', 'Channel'), width: 64, ...coded('channel') },
  { key: 'track', name: () => say('办理类型', 'Track'), width: 80, isUsual: true, ...coded('track') },
  {
    key: 'submitted_at',
    name: () => say('提出时间', 'Submitted'),
    width: 142,
    isUsual: true,
    ...time('submitted_at'),
  },
  { key: 'accepted_at', name: () => say('受理时间', 'Accepted'), width: 142, ...time('accepted_at') },
  {
    key: 'dispatched_at',
    name: () => say('转办时间', 'Dispatched'),
    width: 142,
    isUsual: true,
    ...time('dispatched_at'),
  },
  { key: 'signed_at', name: () => say('签收时间', 'Signed'), width: 142, ...time('signed_at') },
  { key: 'contact_due', name: () => say('联系时限', 'Contact due'), width: 142, ...dueAt('contact_due') },
  {
    key: 'contacted_at',
    name: () => say('联系时间', 'Contacted'),
    width: 176,
    ...late('contacted_at', 'contact_due'),
  },
  {
    key: 'completion_due',
    name: () => say('反馈时限', 'Completion due'),
    width: 142,
    isUsual: true,
    ...dueAt('completion_due'),
  },
  {
    key: 'completed_at',
    name: () => say('反馈时间', 'Completed'),
    width: 176,
    isUsual: true,
    ...late('completed_at', 'completion_due'),
  },
  {
    key: 'overdue_workdays',
    name: () => say('超期工作日', 'Days over'),
    width: 88,
    isNumber: true,
    isUsual: true,
    ...plain('overdue_workdays'),
  },
  {
    key: 'extensions',
    name: () => say('延期次数', 'Extensions'),
    width: 80,
    isNumber: true,
    ...plain('extensions'),
  },
  {
    key: 'progress_last',
    name: () => say('最新进展', 'Last progress'),
    width: 200,
    ...plain('progress_last'),
  },
  {
    key: 'yellow_cards',
    name: () => say('黄牌', 'Yellow cards'),
    width: 56,
    isNumber: true,
    ...plain('yellow_cards'),
  },
  {
    key: 'red_cards',
    name: () => say('红牌', 'Red cards'),
    width: 56,
    isNumber: true,
    ...plain('red_cards'),
  },
  { key: 'returns', name: () => say('退单', 'Returns'), width: 56, isNumber: true, ...plain('returns') },
  {
    key: 'reminders',
    name: () => say('催办', 'Reminders'),
    width: 56,
    isNumber: true,
    ...plain('reminders'),
  },
  { key: 'reopens', name: () => say('重办', 'Reopens'), width: 56, isNumber: true, ...plain('reopens') },
  {
    key: 'outcome',
    name: () => say('办理结果', 'Outcome'),
    width: 92,
    isUsual: true,
    ...coded('outcome'),
  },
  { key: 'concluded_at', name: () => say('办结时间', 'Concluded'), width: 142, ...time('concluded_at') },
  { key: 'answered_at', name: () => say('答复时间', 'Answered'), width: 142, ...time('answered_at') },
  {
    key: 'callback',
    name: () => say('回访 联系/解决/满意', 'Callback'),
    width: 148,
    text: (row) => callbackText(row.callback),
  },
  {
    key: 'rating',
    name: () => say('评价', 'Rating'),
    width: 92,
    isUsual: true,
    text: (row) => (row.rating ? word(String(row.rating)) : ''),
  },
  {
    key: 'rectification',
    name: () => say('差评整改', 'Rectification'),
    width: 104,
    text: (row) => (row.rectification ? statusWord(row.rectification, ['评价']) : ''),
  },
  { key: 'closed_at', name: () => say('销号时间', 'Closed'), width: 142, ...time('closed_at') },
  { key: 'last_seq', name: () => say('事件号', 'Seq'), width: 84, isNumber: true, ...plain('last_seq') },
]
