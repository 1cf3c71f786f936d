// What a cell of a report is called by people: "departments/D07/completed_late" is 部门 · 区教育局 · 超时办结.
import { say } from '../words/say'
import { columnWord, word } from '../words/words'

const sections: Record<string, () => string> = {
  totals: () => say('总体', 'Totals'),
  previous: () => say('上周', 'Week before'),
  departments: () => say('部门', 'Departments'),
  lights: () => say('红黄灯', 'Lights'),
  long_term: () => say('长期推进', 'Long term'),
  supervision: () => say('监督员反映', 'Supervision'),
  plan: () => say('攻坚任务', 'Plan'),
  due_next_week: () => say('下周到期', 'Due next week'),
  ratings: () => say('好差评', 'Ratings'),
  levels: () => say('评价等级', 'Level'),
  groups: () => say('分组', 'Group'),
  rows: () => say('台账', 'Rows'),
  policies: () => say('政策', 'Policies'),
  items: () => say('项目', 'Items'),
  towns: () => say('镇街', 'Towns'),
  industries: () => say('行业', 'Industries'),
  sizes: () => say('规模', 'Sizes'),
}

/** Headings of the weekly totals, in the report's own words (some differ from the ledger's columns). */
export const figureWords: Record<string, () => string> = {
  submitted: () => say('新增', 'submitted'),
  accepted: () => say('受理', 'accepted'),
  rejected: () => say('不予受理', 'rejected'),
  withdrawn: () => say('撤回', 'withdrawn'),
  concluded: () => say('办结', 'concluded'),
  reopened: () => say('重办', 'reopened'),
  open: () => say('在办', 'open'),
  overdue_open: () => say('超期未办结', 'overdue'),
  rated: () => say('评价', 'rated'),
  bad_rated: () => say('差评', 'bad ratings'),
  yellow: () => say('黄灯', 'yellow'),
  red: () => say('红灯', 'red'),
  filed: () => say('反映', 'filed'),
  registered: () => say('登记', 'registered'),
  answered: () => say('反馈', 'answered'),
  closed: () => say('销号', 'closed'),
  overdue: () => say('超期', 'overdue'),
  satisfied: () => say('满意率（不含基本满意）', 'satisfied'),
  due: () => say('到期', 'due'),
  percent: () => say('进度', 'percent'),
  filed_progress: () => say('已报送', 'filed'),
  week_text: () => say('本周进展', 'progress'),
}

export const figureWord = (name: string): string => figureWords[name]?.() ?? columnWord(name)

/** The whole path of a cell; `department` gives names for codes. */
export function cellName(cell: string, department: (id: string) => string): string {
  const [section, ...rest] = cell.split('/')
  const names = rest.map((part, i) => {
    if (/^D\d+$/.test(part)) return department(part)
    if (part === '-') return ''
    return i === rest.length - 1 ? figureWord(part) : (sections[part]?.() ?? word(part))
  })
  return [sections[section!]?.() ?? figureWord(section!), ...names].filter(Boolean).join(' · ')
}
