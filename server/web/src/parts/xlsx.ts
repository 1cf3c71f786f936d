// Excel workbooks (ECMA-376), written part by part, so that a hundred thousand rows never stand in memory as one text.
// fflate does the zip, on this thread: the pages' security policy allows no worker made from a text. Every text is an
// inline string, so that nothing an enterprise wrote can become a formula.
import { strToU8, Zip, ZipDeflate } from 'fflate'

/** A day and a time are dates for Excel, as they stand in Asia/Shanghai; null is an empty cell. */
export type Cell = string | number | null | { day: string } | { time: string } | { rate: number }

export interface Sheet {
  name: string
  /** Lines above the table: title first, then the moment that it was drawn from. */
  head: string[]
  /** Width in pixels, as on the page. */
  columns: { name: string; width: number }[]
  /** The rows, in parts of any length. */
  parts: Iterable<Cell[][]> | AsyncIterable<Cell[][]>
}

const style = { plain: 0, title: 1, head: 2, text: 3, number: 4, day: 5, time: 6, rate: 7 } as const
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const pixelsPerLetter = 7

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Text for XML 1.0, which has no word for most control characters. */
const escaped = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (sign) => entities[sign]!)

/** Days since 1899-12-30: how Excel counts time. */
const serial = (time: string): number =>
  (Date.parse(`${time.length > 10 ? time.slice(0, 19) : `${time}T00:00:00`}Z`) - Date.UTC(1899, 11, 30)) /
  86_400_000

/** 0 is A, 26 is AA. */
function columnName(index: number): string {
  const rest = Math.floor(index / 26)
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (index % 26))
}

const textCell = (at: string, text: string, as: number): string =>
  `<c r="${at}" s="${as}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
const numberCell = (at: string, value: number, as: number): string =>
  `<c r="${at}" s="${as}"><v>${value}</v></c>`

function cellXml(cell: Cell, at: string): string {
  if (cell === null || cell === '') return `<c r="${at}" s="${style.text}"/>`
  if (typeof cell === 'string') return textCell(at, cell, style.text)
  if (typeof cell === 'number') return numberCell(at, cell, style.number)
  if ('day' in cell) return numberCell(at, serial(cell.day.slice(0, 10)), style.day)
  if ('time' in cell) return numberCell(at, serial(cell.time), style.time)
  return numberCell(at, cell.rate, style.rate)
}

const rowXml = (cells: Cell[], row: number): string =>
  `<row r="${row}">${cells.map((cell, i) => cellXml(cell, `${columnName(i)}${row}`)).join('')}</row>`

/** What stands before the rows: the head lines, and the headings, which stay in sight. */
function sheetBegin({ head, columns }: Sheet): string {
  const top = head.length + 1
  const widths = columns.map(
    ({ width }, i) =>
      `<col min="${i + 1}" max="${i + 1}" width="${(width / pixelsPerLetter).toFixed(1)}" customWidth="1"/>`,
  )
  const lines = head.map(
    (line, i) =>
      `<row r="${i + 1}">${textCell(`A${i + 1}`, line, i === 0 ? style.title : style.plain)}</row>`,
  )
  const headings = columns.map(({ name }, i) => textCell(`${columnName(i)}${top}`, name, style.head))
  return (
    `${xml}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>` +
    `<sheetView workbookViewId="0"><pane ySplit="${top}" topLeftCell="A${top + 1}" activePane="bottomLeft" state="frozen"/>` +
    `</sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>${lines.join('')}<row r="${top}">${headings.join('')}</row>`
  )
}

const sheetEnd = ({ head, columns }: Sheet, rows: number): string => {
  const top = head.length + 1
  return (
    `</sheetData><autoFilter ref="A${top}:${columnName(columns.length - 1)}${top + rows}"/>` +
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>' +
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>' +
    '<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>'
  )
}

const border =
  '<border>' +
  ['left', 'right', 'top', 'bottom']
    .map((side) => `<${side} style="thin"><color rgb="FFB0B7C3"/></${side}>`)
    .join('') +
  '<diagonal/></border>'
const boxed = (format: number, more: string): string =>
  `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" ` +
  `applyAlignment="1"><alignment vertical="top"${more}/></xf>`
const styles =
  `${xml}<styleSheet xmlns="${main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>` +
  '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="166" formatCode="0.0%"/></numFmts>' +
  '<fonts count="3"><font><sz val="11"/><name val="Microsoft YaHei"/></font><font><b/><sz val="16"/><name val="Microsoft YaHei"/>' +
  '</font><font><b/><sz val="11"/><name val="Microsoft YaHei"/></font></fonts><fills count="3"><fill><patternFill ' +
  'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">' +
  `<fgColor rgb="FFE7EEF8"/></patternFill></fill></fills><borders count="2"><border/>${border}</borders>` +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
  '<xf numFmtId="0" fontId="2" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">' +
  '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>' +
  `${boxed(0, ' wrapText="1"')}${boxed(0, '')}${boxed(164, '')}${boxed(165, '')}${boxed(166, '')}</cellXfs></styleSheet>`

/** A sheet's name: 31 letters at most, some signs never. */
const sheetName = (name: string): string => name.replace(/[[\]:*?/\\']/g, ' ').slice(0, 31)

function frame(sheets: Sheet[]): Record<string, string> {
  const part = (i: number): string => `worksheets/sheet${i + 1}.xml`
  const all = (each: (sheet: Sheet, i: number) => string): string => sheets.map(each).join('')
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return {
    '[Content_Types].xml':
      `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ` +
      `ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>` +
      `${all((_, i) => `<Override PartName="/xl/${part(i)}" ContentType="${type}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels':
      `${xml}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" ` +
      `Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
      all(
        ({ name }, i) => `<sheet name="${escaped(sheetName(name))}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
      ) +
      '</sheets><definedNames>' +
      all(({ name, head }, i) => {
        const top = head.length + 1
        return (
          `<definedName name="_xlnm.Print_Titles" localSheetId="${i}">` +
          `'${escaped(sheetName(name))}'!$${top}:$${top}</definedName>`
        )
      }) +
      '</definedNames></workbook>',
    'xl/_rels/workbook.xml.rels':
      `${xml}<Relationships xmlns="${packages}/relationships">` +
      all((_, i) => `<Relationship Id="rId${i + 1}" Type="${office}/worksheet" Target="${part(i)}"/>`) +
      `<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': styles,
  }
}

const madeAt = new Date(2000, 0, 1) // the same content is the same bytes, whenever it is asked for

/** The workbook as a file's content. */
export async function workbook(sheets: Sheet[]): Promise<Blob> {
  const pieces: Uint8Array[] = []
  let failed: Error | undefined
  const zip = new Zip((error, piece) => {
    failed ??= error ?? undefined
    pieces.push(piece)
  })
  const entry = (path: string): ZipDeflate => {
    const file = new ZipDeflate(path, { level: 6 })
    file.mtime = madeAt
    zip.add(file)
    return file
  }
  for (const [path, text] of Object.entries(frame(sheets))) entry(path).push(strToU8(text), true)
  for (const [i, sheet] of sheets.entries()) {
    const file = entry(`xl/worksheets/sheet${i + 1}.xml`)
    file.push(strToU8(sheetBegin(sheet)))
    let rows = 0
    const first = sheet.head.length + 2
    for await (const part of sheet.parts) {
      file.push(strToU8(part.map((cells, j) => rowXml(cells, first + rows + j)).join('')))
      rows += part.length
    }
    file.push(strToU8(sheetEnd(sheet, rows)), true)
  }
  zip.end()
  if (failed) throw failed
  return new Blob(pieces as BlobPart[], {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  })
}
