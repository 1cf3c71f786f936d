// Reads the glossary of schemas/README.md, the one source of words, so that no page coins its own.
// `virtual:glossary` gives it to the pages as plain data when they are built.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

export interface Glossary {
  /** 基本词、角色、义务、办理结果: code to Chinese. */
  words: Record<string, string>
  /** Event or command, as AppealSubmitted or SubmitAppeal: to Chinese. */
  events: Record<string, string>
  /** 生命周期 (诉求, 承办单, 评价, ...): status to Chinese. */
  statuses: Record<string, Record<string, string>>
  /** A field of a report: its heading. */
  columns: Record<string, string>
}

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!)

function pairUp(chinese: string, cell: string, into: Record<string, string>): void {
  const names = chinese.replace(/\s*\([^)]*\)$/, '').split(/\s*[/、]\s*/)
  const found = codes(cell)
  found.forEach((code, i) => {
    const name = names.length === found.length ? names[i]! : names.length === 1 ? names[0]! : chinese
    into[code] ??= name
  })
}

function addStatuses(cells: string[], glossary: Glossary): void {
  const pairs = [...cells[1]!.matchAll(/`([a-z_]+)` ([^,|]+)/g)]
  for (const lifecycle of cells[0]!.split('、'))
    glossary.statuses[lifecycle] = Object.fromEntries(pairs.map((m) => [m[1]!, m[2]!.trim()]))
}

/** The glossary of a text with the tables of schemas/README.md. */
export function readGlossary(text: string): Glossary {
  const glossary: Glossary = { words: {}, events: {}, statuses: {}, columns: {} }
  let section = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3)
    if (!line.startsWith('|') || line.startsWith('|---')) continue
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (section.includes('Statuses')) {
      if (line.includes('`')) addStatuses(cells, glossary)
    } else if (section.includes('Report columns')) pairUp(cells[0]!, cells[1]!, glossary.columns)
    else if (section.includes(', stream '))
      for (const cell of cells.slice(1)) pairUp(cells[0]!, cell, glossary.events)
    else if (section.includes('Outcomes')) {
      if (!/grade|class/.test(cells[1]!)) pairUp(cells[0]!, cells[1]!, glossary.words)
    } else for (const cell of cells.slice(1, 2)) pairUp(cells[0]!, cell, glossary.words)
  }
  return glossary
}

/** Vite: `import glossary from 'virtual:glossary'`. */
export function glossaryPlugin(path: string): Plugin {
  const id = 'virtual:glossary'
  return {
    name: 'glossary',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined
      this.addWatchFile(path)
      return `export default ${JSON.stringify(readGlossary(readFileSync(path, 'utf8')))}`
    },
  }
}
