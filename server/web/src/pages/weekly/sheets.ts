// The weekly report as a workbook: its parts in the official order, a sheet each.
import type { DueRow, LightRow, WeeklyReport } from '../../api/reports'
import { figureWord } from '../../evidence/cell_name'
import { dueCell, rateCells, rateColumns, sheetHead } from '../../parts/report_sheet'
import type { Cell, Sheet } from '../../parts/xlsx'
import { say } from '../../words/say'
import { columnWord, word } from '../../words/words'
import { ratingTable } from '../ratings/sheets'

type Name = (id: string | null) => string
const text = (name: string, width = 110): { name: string; width: number } => ({ name, width })
const number = (name: string): { name: string; width: number } => ({ name, width: 80 })

function totals({ totals: now, previous }: WeeklyReport): Pick<Sheet, 'columns' | 'parts'> {
  const keys = Object.keys(now) as (keyof typeof now)[]
  const row = (name: string, value: (key: (typeof keys)[number]) => number): Cell[] => [
    name,
    ...keys.map(value),
  ]
  return {
    columns: [text(''), ...keys.map((key) => number(figureWord(key)))],
    parts: [
      [
        row(say('本周', 'This week'), (key) => now[key]),
        row(say('上周', 'Week before'), (key) => previous[key]),
        row(say('环比', 'Change'), (key) => now[key] - previous[key]),
      ],
    ],
  }
}

function departments({ departments: rows }: WeeklyReport): Pick<Sheet, 'columns' | 'parts'> {
  const before = ['dispatched', 'completed_on_time', 'completed_late', 'open', 'overdue', 'returned'] as const
  const after = ['progress_due', 'progress_filed', 'yellow', 'red', 'dissatisfied'] as const
  const heading = (key: string): string =>
    key === 'open' || key === 'returned' ? columnWord(key) : figureWord(key)
  return {
    columns: [
      text(say('单位', 'Department'), 180),
      ...before.map((key) => number(heading(key))),
      ...rateColumns(figureWord('contact')),
      ...rateColumns(figureWord('completion')),
      ...after.map((key) => number(heading(key))),
    ],
    parts: [
      rows.map((row) => [
        row.name,
        ...before.map((key) => row[key]),
        ...rateCells(row.contact),
        ...rateCells(row.completion),
        ...after.map((key) => row[key]),
      ]),
    ],
  }
}

function duties(rows: (LightRow | DueRow)[], name: Name): Pick<Sheet, 'columns' | 'parts'> {
  return {
    columns: [
      text(say('灯色', 'Light'), 60),
      text(say('编号', 'No.'), 140),
      number(say('事项', 'Matter')),
      text(say('单位', 'Department'), 180),
      text(say('时限', 'Duty')),
      text(say('到期（当日24时止）', 'Due (end of the day)'), 130),
      number(say('超期工作日', 'Days over')),
    ],
    parts: [
      rows.map((row) => [
        'light' in row && row.light ? word(row.light) : null,
        row.appeal,
        row.matter,
        row.department ? name(row.department) : say('办公室', 'office'),
        word(row.obligation),
        dueCell(row.due),
        'light' in row ? row.overdue_workdays : null,
      ]),
    ],
  }
}

function longTerm({ long_term: rows }: WeeklyReport, name: Name): Pick<Sheet, 'columns' | 'parts'> {
  return {
    columns: [
      text(say('编号', 'No.'), 140),
      number(say('事项', 'Matter')),
      text(say('单位', 'Department'), 180),
      text(say('本周进展', 'Progress'), 320),
      number(say('进度', 'Percent')),
      text(say('报送', 'Filed'), 80),
    ],
    parts: [
      rows.map((row) => [
        row.appeal,
        row.matter,
        name(row.department),
        row.week_text,
        row.percent === null ? null : { rate: row.percent / 100 },
        row.filed ? say('已报送', 'filed') : say('未报送', 'missing'),
      ]),
    ],
  }
}

function plan({ plan: rows }: WeeklyReport): Pick<Sheet, 'columns' | 'parts'> {
  const keys = ['total', 'not_started', 'on_plan', 'yellow', 'red', 'completed', 'closed'] as const
  return {
    columns: [text(say('环境', 'Environment')), ...keys.map((key) => number(figureWord(key)))],
    parts: [rows.map((row) => [row.environment, ...keys.map((key) => row[key])])],
  }
}

export function weeklySheets(report: WeeklyReport, name: Name): Sheet[] {
  const sheet = (title: string, table: Pick<Sheet, 'columns' | 'parts'>): Sheet => ({
    name: title,
    head: sheetHead(`${say('周报', 'Weekly report')} ${report.week} ${title}`, report),
    ...table,
  })
  const supervision = Object.entries(report.supervision)
  return [
    sheet(say('总体', 'Totals'), totals(report)),
    sheet(say('部门', 'Departments'), departments(report)),
    sheet(say('红黄灯', 'Lights'), duties(report.lights, name)),
    sheet(say('长期推进', 'Long term'), longTerm(report, name)),
    sheet(say('好差评', 'Ratings'), ratingTable(report.ratings)),
    sheet(say('监督员反映', 'Supervision'), {
      columns: supervision.map(([key]) => number(figureWord(key))),
      parts: [[supervision.map(([, value]) => value as number)]],
    }),
    sheet(say('攻坚任务', 'Plan'), plan(report)),
    sheet(say('下周到期', 'Due next week'), duties(report.due_next_week, name)),
  ]
}
