// The plan as rings: environments, domains, tasks; a task has the colour of its light.
import type { PlanReport, TaskRow } from '../../api/reports'
import { chartColors } from '../../parts/chart_colors'
import type { ChartOption } from '../../parts/echarts'

export const taskColor = (task: TaskRow): string => {
  if (task.status === 'closed' || task.status === 'verified') return chartColors.accent
  return task.light ? chartColors[task.light] : chartColors.grey
}

const worst = (tasks: TaskRow[]): string => {
  for (const light of ['red', 'yellow'] as const)
    if (tasks.some((task) => task.light === light)) return chartColors[light]
  return '#7fa8d8'
}

/** Two characters a line: the inner ring has room for no more. */
const inTwos = ({ name }: { name: string }): string => name.replace(/(..)(?=.)/gu, '$1\n')

/** `isNarrow`: on a phone, where long names are cut short. */
export function planRings(plan: PlanReport, isNarrow: boolean): ChartOption {
  return {
    tooltip: { trigger: 'item' },
    series: [
      {
        type: 'sunburst',
        radius: ['14%', '96%'],
        nodeClick: false,
        sort: null,
        emphasis: { focus: 'ancestor' },
        label: { color: '#10151c', minAngle: 8, fontSize: isNarrow ? 9 : 11 },
        itemStyle: { borderWidth: 1, borderColor: '#ffffff' },
        levels: [
          {},
          { r0: '14%', r: '42%', label: { rotate: 0, formatter: inTwos } },
          { r0: '42%', r: '74%', label: { width: isNarrow ? 40 : 62, overflow: 'truncate' } },
          { r0: '74%', r: '92%', label: { show: false } },
        ],
        data: plan.environments.map((environment) => ({
          name: environment.environment,
          itemStyle: { color: '#b9cfeb' },
          children: environment.domains.map(({ domain, tasks }) => ({
            name: domain,
            itemStyle: { color: worst(tasks), opacity: 0.75 },
            children: tasks.map((task) => ({
              name: task.task,
              value: 1,
              itemStyle: { color: taskColor(task) },
            })),
          })),
        })),
      },
    ],
  }
}
