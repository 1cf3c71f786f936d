// The parts of ECharts that the pages use, drawn as SVG so that they print sharply. Title and legend stand where we say.
import { BarChart, LineChart, PieChart, SunburstChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([
  BarChart,
  LineChart,
  PieChart,
  SunburstChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  SVGRenderer,
])

export type ChartOption = EChartsCoreOption
export type ChartHandle = ECharts

const font = 'Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif'

/** Letters follow the size of the page around the chart: a wall is read from afar. */
export function makeChart(box: HTMLElement, isDark: boolean): ECharts {
  const fontSize = Math.max(12, Math.round(0.85 * parseFloat(getComputedStyle(box).fontSize)))
  const text = isDark ? '#e4e8ee' : '#1b2430'
  const line = isDark ? '#323b47' : '#dce1e8'
  const axis = {
    axisLabel: { color: text, fontSize },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  }
  const theme = {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: font, color: text, fontSize },
    legend: { textStyle: { color: text, fontSize } },
    categoryAxis: axis,
    valueAxis: axis,
  }
  return init(box, theme, { renderer: 'svg' })
}
