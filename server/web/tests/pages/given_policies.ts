// What the pages of policies are looked at with: a policy in two versions with two items, a tag that a program suggested, and
// one enterprise that meets the one item, was told of it, and lacks one thing for the other.
import { writeFileSync } from 'node:fs'
import type { LedgerReport } from '../../src/api/reports'
import type { LedgerUnderTest } from './ledger_under_test'

type Step = [role: string, command: string, stream: string, data: Record<string, unknown>]

const leaf = (node: number, field: string, least: string, clause: string): Record<string, unknown> => ({
  ...{ node, under: 1, kind: 'leaf', field, comparison: 'at_least', values: [least], clause },
})

const steps = (enterprise: string): Step[] => [
  [
    'office_clerk',
    'PublishTagVocabulary',
    'vocabulary/V1',
    { name: '政策标签', tags: [{ tag: '研发', name: '研发投入', words: ['研发'] }] },
  ],
  [
    'office_lead',
    'PublishPolicy',
    'policy/ZC001',
    {
      title: '支持企业研发的若干措施',
      number: '区政发〔2021〕7号',
      issuer: '区政府',
      text: '一、对企业的研发投入给予补助。二、补助不超过 50 万元。三、由科技局负责。',
      from: '2021-09-01',
    },
  ],
  [
    'office_lead',
    'AmendPolicy',
    'policy/ZC001',
    {
      number: '区政发〔2021〕9号',
      text: '一、对企业的研发投入给予补助。二、补助不超过 80 万元。三、由科技局负责。',
      from: '2021-12-01',
      reason: '提高标准',
    },
  ],
  [
    'system',
    'SuggestPolicyTag',
    'policy/ZC001',
    { tag: '研发', vocabulary: 'V1', sentences: ['一、对企业的研发投入给予补助。'], method: 'rule' },
  ],
  [
    'office_clerk',
    'ListItem',
    'item/X001',
    { policy: 'ZC001', title: '研发投入补助', department: 'D01', standard: '研发投入的 5%' },
  ],
  [
    'office_clerk',
    'SetItemConditions',
    'item/X001',
    { conditions: [{ node: 1, kind: 'all' }, leaf(2, 'people', '100', '第三条（一）')] },
  ],
  ['office_clerk', 'OpenItemWindow', 'item/X001', { from: '2021-12-01', until: '2022-12-31' }],
  [
    'office_clerk',
    'ListItem',
    'item/X002',
    { policy: 'ZC001', title: '规模企业奖励', department: 'D01', standard: '一次性 20 万元' },
  ],
  [
    'office_clerk',
    'SetItemConditions',
    'item/X002',
    {
      conditions: [
        { node: 1, kind: 'all' },
        leaf(2, 'people', '300', '第四条（一）'),
        leaf(3, 'patents', '5', '第四条（二）'),
      ],
    },
  ],
  ['office_clerk', 'OpenItemWindow', 'item/X002', { from: '2021-12-01', until: '2022-12-31' }],
  [
    'office_clerk',
    'UpdateProfile',
    `enterprise/${enterprise}`,
    { values: [{ field: 'people', value: '120' }], source: '人社', as_of: '2021-11-30' },
  ],
  ['enterprise', 'GiveConsent', `enterprise/${enterprise}`, { purpose: 'matching' }],
  ['enterprise', 'GiveConsent', `enterprise/${enterprise}`, { purpose: 'pushing' }],
  ['enterprise', 'SetSubscription', `enterprise/${enterprise}`, { subscribed: true }],
  ['system', 'ComputeMatch', 'application/PP001', { enterprise, item: 'X001' }],
  [
    'system',
    'PushPolicy',
    `enterprise/${enterprise}`,
    { item: 'X001', application: 'PP001', reason: '因为贵企业从业人员 120 人。' },
  ],
]

/** What is told of here befalls the enterprise of the ledger's first appeal. */
export function givePolicies(ledger: LedgerUnderTest): void {
  const report = JSON.parse(ledger.tell('report', 'closed-loop', '--format', 'json')) as LedgerReport
  const { enterprise } = report.rows[0]!
  const lines = steps(enterprise).map(([role, command, stream, data], i) =>
    JSON.stringify({
      at: `2021-12-31T23:${String(i).padStart(2, '0')}:00+08:00`,
      actor: { id: role === 'enterprise' ? enterprise : `${role}-1`, role },
      id: `policies-${i}`,
      ...{ command, stream, data },
    }),
  )
  const file = `${ledger.directory}.policies.jsonl`
  writeFileSync(file, `${lines.join('\n')}\n`)
  ledger.tell('import', file)
}
