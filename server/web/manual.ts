// Reads docs/COMMANDS.md, which is printed from the lifecycle tables, so that no page holds a rule of its own about which
// command may come when, by whom, with which fields. `virtual:manual` gives the commands on appeals to the pages.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

export interface Step {
  /** 诉求, 承办单 or 评价. */
  lifecycle: string
  from: string[]
  /** '': it stays where it is. */
  to: string
  by: string[]
}

export interface Field {
  name: string
  kind: 'text' | 'sealed' | 'number' | 'boolean' | 'date' | 'texts' | 'objects' | 'choice'
  choices: string[]
  isNeeded: boolean
}

export interface CommandPage {
  command: string
  event: string
  steps: Step[]
  fields: Field[]
  /** Codes that its own guards may answer. */
  refusals: string[]
}

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((found) => found[1]!)
const list = (text: string): string[] => text.split(',').map((part) => part.trim())

const kinds: [RegExp, Field['kind']][] = [
  [/^one of/, 'choice'],
  [/^list of texts/, 'texts'],
  [/^list of objects/, 'objects'],
  [/^whole number/, 'number'],
  [/^true or false/, 'boolean'],
  [/^date/, 'date'],
  [/^sealed text/, 'sealed'],
]

function fieldOf(line: string): Field {
  const [name, value, need] = line
    .split('|')
    .slice(1)
    .map((cell) => cell.trim())
  return {
    name: codes(name!)[0]!,
    kind: kinds.find(([pattern]) => pattern.test(value!))?.[1] ?? 'text',
    choices: value!.startsWith('one of') ? codes(value!) : [],
    isNeeded: need === 'needed',
  }
}

/** The commands of one subject ("appeal") in the text of docs/COMMANDS.md. */
export function readManual(text: string, subject: string): CommandPage[] {
  const pages: CommandPage[] = []
  let isInside = false
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) isInside = line.slice(3) === subject
    if (!isInside) continue
    const page = pages.at(-1)
    const step = /^- (\S+) [a-z_]+: (.+?)(?: -> (\w+))?; by (.+)$/.exec(line)
    if (line.startsWith('### '))
      pages.push({ command: line.slice(4), event: '', steps: [], fields: [], refusals: [] })
    else if (line.startsWith('- records ')) page!.event = codes(line)[0]!
    else if (line.startsWith('- refusals: ')) page!.refusals = codes(line)
    else if (step)
      page!.steps.push({
        lifecycle: step[1]!,
        from: list(step[2]!),
        to: step[3] ?? '',
        by: list(step[4]!),
      })
    else if (line.startsWith('| `')) page!.fields.push(fieldOf(line))
  }
  return pages
}

/** Vite: `import manual from 'virtual:manual'`. */
export function manualPlugin(path: string): Plugin {
  const id = 'virtual:manual'
  return {
    name: 'manual',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined
      this.addWatchFile(path)
      return `export default ${JSON.stringify(readManual(readFileSync(path, 'utf8'), 'appeal'))}`
    },
  }
}
