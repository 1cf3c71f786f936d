// The closed-loop ledger as a workbook: every column of the official table, every row that meets the filters.
import type { Query } from '../../api/http'
import type { Stamp } from '../../api/reports'
import { sheetHead } from '../../parts/report_sheet'
import type { Cell, Sheet } from '../../parts/xlsx'
import { say } from '../../words/say'
import { ledgerColumns } from './columns'
import { pagesOf } from './pages_of'

const rowsAtOnce = 2_000

/** `progress` is told how many rows are written of how many. */
export function ledgerSheet(
  query: Query,
  stamp: Stamp,
  department: (id: string | null) => string,
  progress: (done: number, total: number) => void,
): Sheet {
  async function* parts(): AsyncGenerator<Cell[][]> {
    let done = 0
    for await (const page of pagesOf(query, rowsAtOnce)) {
      yield page.rows.map((row) =>
        ledgerColumns.map(({ cell, text }) => (cell ? cell(row) : text(row, department))),
      )
      done += page.rows.length
      progress(done, page.total)
    }
  }
  const title = say('闭环台账', 'Closed-loop ledger')
  return {
    name: title,
    head: sheetHead(title, stamp),
    columns: ledgerColumns.map(({ name, width }) => ({ name: name(), width })),
    parts: parts(),
  }
}
