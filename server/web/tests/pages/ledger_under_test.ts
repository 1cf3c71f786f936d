// The ledger that the browser tests look at: a generated district of a few hundred cases, made once a run by the real
// command line. BIN is the folder of its programs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface LedgerUnderTest {
  bihuan: string
  directory: string
  /** Runs the command line on it: what it prints. */
  tell: (...args: string[]) => string
  remove: () => void
}

export function makeLedger(cases = 300): LedgerUnderTest {
  const bin = process.env.BIN
  if (!bin) throw new Error('BIN must name the folder of bihuan and bihuan-bench')
  const folder = mkdtempSync(join(tmpdir(), 'bihuan-pages-'))
  const bihuan = join(bin, 'bihuan')
  const directory = join(folder, 'ledger')
  const story = join(folder, 'district.jsonl')
  const run = (file: string, args: string[]): string =>
    execFileSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] })
  run(join(bin, 'bihuan-bench'), [
    'generate',
    '--seed',
    '4',
    '--cases',
    String(cases),
    '--years',
    '1',
    '--out',
    story,
  ])
  run(bihuan, ['init', '--data', directory, '--district', '示例区'])
  run(bihuan, ['import', '--data', directory, story])
  return {
    bihuan,
    directory,
    tell: (...args) => run(bihuan, [...args, '--data', directory]),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
