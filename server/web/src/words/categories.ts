// What an enterprise chooses from when it files: the fields that the plan of 2021 divides the work into. The
// ledger takes any text as a category; an office that wants others changes this list.
export const categories = [
  '政策兑现',
  '企业融资',
  '纳税服务',
  '用工与人才',
  '开办企业',
  '项目建设',
  '不动产登记',
  '获得电力',
  '获得水气',
  '交通与市政',
  '安全与环保',
  '招标采购',
  '跨境贸易',
  '法治与执法',
  '其他',
]
