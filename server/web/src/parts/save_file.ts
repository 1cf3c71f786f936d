// Hands a text to the reader as a file.

export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** A spreadsheet program takes a file for UTF-8 only by its first mark. */
export const csvText = (csv: string): string => (csv.startsWith('\uFEFF') ? csv : `\uFEFF${csv}`)
