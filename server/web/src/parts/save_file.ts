// Hands what was drawn to the reader as a file.
import type { Sheet } from './xlsx'

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

export const saveFile = (name: string, text: string, type: string): void =>
  save(name, new Blob([text], { type }))

/** A file that the server made. */
export const saveBlob = save

/** A spreadsheet program takes a text for UTF-8 only by its first mark. */
export const saveCsv = (name: string, csv: string): void =>
  saveFile(`${name}.csv`, csv.startsWith('\uFEFF') ? csv : `\uFEFF${csv}`, 'text/csv')

/** An Excel workbook; what writes it is loaded when it is first wanted. */
export async function saveXlsx(name: string, sheets: Sheet[]): Promise<void> {
  const { workbook } = await import('./xlsx')
  save(`${name}.xlsx`, await workbook(sheets))
}
