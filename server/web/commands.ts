// Reads docs/COMMANDS.md, which the schemas print and a test compares: which command may come in which status, by whom,
// and with which fields. So no page holds a table of the office's rules. `virtual:commands` gives it to the pages.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

export interface CommandField {
  name: string
  /** As the manual says it: text, date, whole number, one of, list of texts, list of objects, ... */
  kind: string
  /** The values of "one of". */
  values: string[]
  isNeeded: boolean
  meaning: string
  /** The fields of each of a list of objects. */
  parts: CommandField[]
}

export interface CommandWay {
  lifecycle: string
  from: string[]
  by: string[]
}

export interface CommandManual {
  command: string
  kind: string
  ways: CommandWay[]
  fields: CommandField[]
}

function fieldOf(line: string): CommandField {
  const [name, kind, needed, meaning] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
  const values = [...kind!.matchAll(/`([^`]+)`/g)].map((found) => found[1]!)
  return {
    name: name!.replaceAll('`', ''),
    kind: kind!.replace(/ `.*$/, '').replace(/,.*$/, ''),
    values,
    isNeeded: needed === 'needed',
    meaning: meaning ?? '',
    parts: [],
  }
}

function addField(command: CommandManual, field: CommandField): void {
  const [list, part] = field.name.split('[].')
  const owner = part === undefined ? undefined : command.fields.find((one) => one.name === list)
  if (owner) owner.parts.push({ ...field, name: part! })
  else command.fields.push(field)
}

/** The commands of a text in the form of docs/COMMANDS.md, in its order. */
export function readCommands(text: string): CommandManual[] {
  const commands: CommandManual[] = []
  let kind = ''
  for (const line of text.split('\n')) {
    const command = commands.at(-1)
    const way = /^- (\S+) [a-z_]+: (.+?)(?: -> [a-z_]+)?; by (.+)$/.exec(line)
    if (line.startsWith('## ')) kind = line.slice(3)
    else if (line.startsWith('### ')) commands.push({ command: line.slice(4), kind, ways: [], fields: [] })
    else if (way && command)
      command.ways.push({ lifecycle: way[1]!, from: way[2]!.split(', '), by: way[3]!.split(', ') })
    else if (line.startsWith('| `') && command) addField(command, fieldOf(line))
  }
  return commands
}

/** Vite: `import commands from 'virtual:commands'`. */
export function commandsPlugin(path: string): Plugin {
  const id = 'virtual:commands'
  return {
    name: 'commands',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined
      this.addWatchFile(path)
      return `export default ${JSON.stringify(readCommands(readFileSync(path, 'utf8')).filter((one) => one.kind === 'appeal'))}`
    },
  }
}
