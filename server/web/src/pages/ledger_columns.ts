// The columns of the closed-loop ledger, their headings as `bihuan report closed-loop` prints them, and their text.
import type { LedgerRow } from '../api/reports'
import { say } from '../words/say'
import { due, isLate, minute } from '../words/times'
import { statusWord, word } from '../words/words'

export interface LedgerColumn {
  key: keyof LedgerRow
  name: () => string
  width: number
  isNumber?: boolean
  /** Shown until the reader chooses otherwise. */
  isUsual?: boolean
  text: (row: LedgerRow, department: (id: string | null) => string) => string
}

type Key = keyof LedgerRow
const plain =
  (key: Key) =>
  (row: LedgerRow): string =>
    String(row[key] ?? '')
const time =
  (key: Key) =>
  (row: LedgerRow): string =>
    minute(row[key] as string | null)
const dueAt =
  (key: Key) =>
  (row: LedgerRow): string =>
    due(row[key] as string | null)
const coded =
  (key: Key) =>
  (row: LedgerRow): string =>
    row[key] ? word(String(row[key])) : ''
const late =
  (met: Key, limit: Key) =>
  (row: LedgerRow): string => {
    const text = minute(row[met] as string | null)
    return isLate(row[met] as string | null, row[limit] as string | null)
      ? `${text} ${say('超时', 'late')}`
      : text
  }

/** Reached, solved, satisfied: a tick, a cross, or a dash for what was not asked. */
export function callbackText(callback: LedgerRow['callback']): string {
  if (!callback) return ''
  const mark = (is: boolean | null): string => (is === null ? '—' : is ? '✓' : '✗')
  return `${mark(callback.reached)} / ${mark(callback.solved)} / ${mark(callback.satisfied)}`
}

export const ledgerColumns: LedgerColumn[] = [
  { key: 'appeal', name: () => say('编号', 'No.'), width: 136, isUsual: true, text: plain('appeal') },
  { key: 'no', name: () => say('序号', 'Row'), width: 64, isNumber: true, text: plain('no') },
  { key: 'light', name: () => say('灯色', 'Light'), width: 64, isUsual: true, text: coded('light') },
  {
    key: 'status',
    name: () => say('状态', 'Status'),
    width: 96,
    isUsual: true,
    text: (row) => statusWord(row.status),
  },
  { key: 'title', name: () => say('诉求内容', 'Appeal'), width: 220, isUsual: true, text: plain('title') },
  {
    key: 'department',
    name: () => say('承办单位', 'Department'),
    width: 170,
    isUsual: true,
    text: (row, name) => name(row.department),
  },
  { key: 'duty', name: () => say('主协办', 'Duty'), width: 72, text: coded('duty') },
  { key: 'matter', name: () => say('事项', 'Matter'), width: 56, isNumber: true, text: plain('matter') },
  {
    key: 'enterprise',
    name: () => say('统一社会信用代码', 'Credit code'),
    width: 176,
    text: plain('enterprise'),
  },
  {
    key: 'category',
    name: () => say('类别', 'Category'),
    width: 110,
    isUsual: true,
    text: plain('category'),
  },
  { key: 'channel', name: () => say('来源', 'Channel'), width: 64, text: coded('channel') },
  { key: 'track', name: () => say('办理类型', 'Track'), width: 80, isUsual: true, text: coded('track') },
  {
    key: 'submitted_at',
    name: () => say('提出时间', 'Submitted'),
    width: 142,
    isUsual: true,
    text: time('submitted_at'),
  },
  { key: 'accepted_at', name: () => say('受理时间', 'Accepted'), width: 142, text: time('accepted_at') },
  {
    key: 'dispatched_at',
    name: () => say('转办时间', 'Dispatched'),
    width: 142,
    isUsual: true,
    text: time('dispatched_at'),
  },
  { key: 'signed_at', name: () => say('签收时间', 'Signed'), width: 142, text: time('signed_at') },
  { key: 'contact_due', name: () => say('联系时限', 'Contact due'), width: 142, text: dueAt('contact_due') },
  {
    key: 'contacted_at',
    name: () => say('联系时间', 'Contacted'),
    width: 176,
    text: late('contacted_at', 'contact_due'),
  },
  {
    key: 'completion_due',
    name: () => say('反馈时限', 'Completion due'),
    width: 142,
    isUsual: true,
    text: dueAt('completion_due'),
  },
  {
    key: 'completed_at',
    name: () => say('反馈时间', 'Completed'),
    width: 176,
    isUsual: true,
    text: late('completed_at', 'completion_due'),
  },
  {
    key: 'overdue_workdays',
    name: () => say('超期工作日', 'Days over'),
    width: 88,
    isNumber: true,
    isUsual: true,
    text: plain('overdue_workdays'),
  },
  {
    key: 'extensions',
    name: () => say('延期次数', 'Extensions'),
    width: 80,
    isNumber: true,
    text: plain('extensions'),
  },
  {
    key: 'progress_last',
    name: () => say('最新进展', 'Last progress'),
    width: 200,
    text: plain('progress_last'),
  },
  {
    key: 'yellow_cards',
    name: () => say('黄牌', 'Yellow cards'),
    width: 56,
    isNumber: true,
    text: plain('yellow_cards'),
  },
  {
    key: 'red_cards',
    name: () => say('红牌', 'Red cards'),
    width: 56,
    isNumber: true,
    text: plain('red_cards'),
  },
  { key: 'returns', name: () => say('退单', 'Returns'), width: 56, isNumber: true, text: plain('returns') },
  {
    key: 'reminders',
    name: () => say('催办', 'Reminders'),
    width: 56,
    isNumber: true,
    text: plain('reminders'),
  },
  { key: 'reopens', name: () => say('重办', 'Reopens'), width: 56, isNumber: true, text: plain('reopens') },
  {
    key: 'outcome',
    name: () => say('办理结果', 'Outcome'),
    width: 92,
    isUsual: true,
    text: coded('outcome'),
  },
  { key: 'concluded_at', name: () => say('办结时间', 'Concluded'), width: 142, text: time('concluded_at') },
  { key: 'answered_at', name: () => say('答复时间', 'Answered'), width: 142, text: time('answered_at') },
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
  { key: 'closed_at', name: () => say('销号时间', 'Closed'), width: 142, text: time('closed_at') },
  { key: 'last_seq', name: () => say('事件号', 'Seq'), width: 84, isNumber: true, text: plain('last_seq') },
]
