// Appeals that may be the same thing: of the same enterprise or category, and worded alike. A suggestion; a person decides.
import type { LedgerRow } from '../../api/reports'

const pairs = (text: string): Set<string> => {
  const letters = [...text.replace(/[\s，。、！？,.!?]/g, '')]
  return new Set(letters.slice(1).map((letter, i) => letters[i]! + letter))
}

/** How alike two titles are, 0 to 1: pairs of neighbouring letters that both have (Sørensen and Dice). */
export function likeness(a: string, b: string): number {
  const [one, other] = [pairs(a), pairs(b)]
  if (one.size + other.size === 0) return a === b ? 1 : 0
  const both = [...one].filter((pair) => other.has(pair)).length
  return (2 * both) / (one.size + other.size)
}

/** The open appeals most like `appeal`, best first, each once. */
export function duplicatesOf(
  appeal: { appeal: string; title: string; enterprise: string; category: string },
  open: LedgerRow[],
): LedgerRow[] {
  const seen = new Set([appeal.appeal])
  return open
    .map((row) => ({
      row,
      score:
        likeness(appeal.title, row.title) +
        (row.enterprise === appeal.enterprise ? 0.3 : 0) +
        (row.category === appeal.category ? 0.1 : 0),
    }))
    .filter(({ score }) => score >= 0.7)
    .sort((a, b) => b.score - a.score || a.row.no - b.row.no)
    .filter(({ row }) => !seen.has(row.appeal) && seen.add(row.appeal))
    .slice(0, 5)
    .map(({ row }) => row)
}
