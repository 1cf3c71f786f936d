// The drawings of the desk, from the reports that its tables show.
import type { DepartmentRow, EnvironmentRow, RatingGroup } from '../../api/reports'
import { figureWord } from '../../evidence/cell_name'
import { chartColors } from '../../parts/chart_colors'
import type { ChartOption } from '../../parts/echarts'
import { say } from '../../words/say'

const frame = {
  animation: false,
  grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
  legend: { top: 0, left: 'center' },
  tooltip: { trigger: 'axis' },
}

/** Open assignments by their worst light; the departments in trouble first. */
export function openByDepartment(rows: DepartmentRow[]): ChartOption {
  const some = rows
    .filter((row) => row.open > 0)
    .sort((a, b) => a.red - b.red || a.yellow - b.yellow || a.open - b.open)
  const series = (name: string, color: string, value: (row: DepartmentRow) => number): object => ({
    name,
    type: 'bar',
    stack: 'all',
    barMaxWidth: 14,
    itemStyle: { color },
    data: some.map(value),
  })
  return {
    ...frame,
    xAxis: { type: 'value', minInterval: 1 },
    yAxis: { type: 'category', data: some.map((row) => row.name), axisLabel: { interval: 0 } },
    series: [
      series(say('红灯', 'red'), chartColors.red, (row) => row.red),
      series(say('黄灯', 'yellow'), chartColors.yellow, (row) => row.yellow),
      series(say('其余在办', 'other open'), chartColors.open, (row) => row.open - row.red - row.yellow),
    ],
  }
}

/** Rates of the last weeks; a week with nothing to divide by has no point. */
export function ratingTrend(groups: RatingGroup[]): ChartOption {
  const percent = ({ n, d }: { n: number; d: number }): number | null =>
    d === 0 ? null : Math.round((1000 * n) / d) / 10
  return {
    ...frame,
    xAxis: { type: 'category', data: groups.map((group) => group.week ?? '') },
    yAxis: { type: 'value', min: 0, max: 100, axisLabel: { formatter: '{value}%' } },
    series: (['good', 'satisfied', 'active'] as const).map((key, i) => ({
      name: figureWord(key),
      type: 'line',
      symbol: ['circle', 'rect', 'triangle'][i]!,
      symbolSize: 7,
      itemStyle: { color: [chartColors.inTime, chartColors.accent, chartColors.yellow][i]! },
      data: groups.map((group) => percent(group[key])),
    })),
  }
}

/** The six environments by what has become of their tasks. */
export function planProgress(rows: EnvironmentRow[]): ChartOption {
  const parts = [
    ['closed', chartColors.accent],
    ['completed', chartColors.inTime],
    ['on_plan', '#8cc5a2'],
    ['yellow', chartColors.yellow],
    ['red', chartColors.red],
    ['not_started', chartColors.grey],
  ] as const
  const shown = [...rows].reverse()
  return {
    ...frame,
    xAxis: { type: 'value' },
    yAxis: { type: 'category', data: shown.map((row) => row.environment) },
    series: parts.map(([key, color]) => ({
      name: figureWord(key),
      type: 'bar',
      stack: 'all',
      barMaxWidth: 20,
      itemStyle: { color },
      data: shown.map((row) => row[key]),
    })),
  }
}
