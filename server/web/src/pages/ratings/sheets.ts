// The rating statistics as a workbook: the whole, and the groups.
import type { RatingFigures, RatingGroup, RatingsReport } from '../../api/reports'
import { figureWord } from '../../evidence/cell_name'
import { rateCells, rateColumns, sheetHead } from '../../parts/report_sheet'
import { counts, levels, rates } from '../../parts/rating_figures'
import type { Cell, Sheet } from '../../parts/xlsx'
import { say } from '../../words/say'
import { word } from '../../words/words'

/** The figures of a group, in the order of the page's table. */
export const ratingKeys = [
  'invited',
  'rated',
  'active',
  'good',
  'satisfied',
  'bad',
  'rectified',
  'rectified_in_time',
] as const

const heading = (key: string): string => (key === 'rated' ? say('评价数', 'rated') : figureWord(key))

/** One figure a line: counts in the second column, rates in the last three. */
export function ratingTable(figures: RatingFigures): Pick<Sheet, 'columns' | 'parts'> {
  const count = (name: string, value: number): Cell[] => [name, value, null, null, null]
  return {
    columns: [
      { name: say('项目', 'Figure'), width: 200 },
      { name: say('件数', 'Count'), width: 80 },
      ...rateColumns(say('比率', 'Rate')),
    ],
    parts: [
      [
        ...(['invited', 'rated'] as const).map((key) => count(heading(key), figures[key])),
        ...levels.map((level) => count(word(level), figures.levels[level])),
        ...rates.map((key): Cell[] => [figureWord(key), null, ...rateCells(figures[key])]),
        ...counts.map((key) => count(figureWord(key), figures[key])),
      ],
    ],
  }
}

export function ratingSheets(
  report: RatingsReport,
  by: string,
  groupName: (group: RatingGroup) => string,
): Sheet[] {
  const span = `${report.from} ${say('至', 'to')} ${report.to}`
  const head = (title: string): string[] =>
    sheetHead(`${say('好差评统计', 'Ratings')} ${span} ${title}`, report)
  const isRate = (key: (typeof ratingKeys)[number]): boolean => key !== 'invited' && key !== 'rated'
  return [
    { name: say('总体', 'All'), head: head(''), ...ratingTable(report) },
    {
      name: by,
      head: head(by),
      columns: [
        { name: by, width: 180 },
        ...ratingKeys.flatMap((key) =>
          isRate(key) ? rateColumns(heading(key)) : [{ name: heading(key), width: 80 }],
        ),
      ],
      parts: [
        (report.groups ?? []).map((group) => [
          groupName(group),
          ...ratingKeys.flatMap((key): Cell[] => {
            const value = group[key]
            return typeof value === 'number' ? [value] : rateCells(value)
          }),
        ]),
      ],
    },
  ]
}
