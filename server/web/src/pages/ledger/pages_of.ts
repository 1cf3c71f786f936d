// All rows of the ledger from one moment, a page after the other: for exports, and for desks that need every open row.
import type { Query } from '../../api/http'
import { report, type LedgerReport } from '../../api/reports'

/** Pages of at most `size` rows; those after the first ask for the moment that the first was drawn from. */
export async function* pagesOf(
  query: Query,
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<LedgerReport> {
  let page = await report('closed-loop', { ...query, limit: size, offset: 0 }, signal)
  yield page
  const fixed = query.seq === undefined ? { as_of: page.as_of } : {}
  for (let offset = size; offset < page.total; offset += size) {
    page = await report('closed-loop', { ...query, ...fixed, limit: size, offset }, signal)
    yield page
  }
}
