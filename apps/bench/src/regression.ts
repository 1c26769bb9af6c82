import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureDataFile } from './data-file.ts'
import { type Measurement, parseMeasurement } from './measurement.ts'
import recorded from './recorded-commit.json' with { type: 'json' }
import { median } from './summary.ts'

const usage = `Usage: pnpm --filter @dlt/bench bench:regression [--base <commit>] [--documents 200000] [--pairs 5]

Builds two commits in temporary clones, the last recorded one and HEAD, and runs them one after the other, in pairs.
Ends with an error when the median pair of one input is more than 10 % slower. Needs git, and the packages in pnpm's store.`

const allowedRatio = 1.1
const repository = fileURLToPath(new URL('../../..', import.meta.url))
const appFolder = fileURLToPath(new URL('..', import.meta.url))

const { values: options } = parseArgs({
  options: {
    base: { type: 'string', default: recorded.commit },
    documents: { type: 'string', default: '200000' },
    pairs: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})

/** Clones a commit, builds it, and gives it the benchmark of this commit: both are measured by the same program. */
function build(commit: string, folder: string): string {
  const run = (command: string, ...args: readonly string[]): void => {
    execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', repository, folder])
  run('git', 'checkout', '--quiet', '--detach', commit)
  run('pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--silent')
  run('pnpm', 'exec', 'turbo', 'run', 'build', '--filter=@dlt/bench^...', '--output-logs=errors-only')
  const app = join(folder, 'apps/bench')
  cpSync(join(appFolder, 'src'), join(app, 'src'), { recursive: true })
  return app
}

interface Timed extends Measurement {
  readonly seconds: number
}

function measure(app: string, dataPath: string, input: string): Timed {
  const folder = mkdtempSync(join(tmpdir(), 'dlt-regression-run-'))
  try {
    const script = join(app, 'src/runs/pipeline.ts')
    const startedAt = performance.now()
    const args = [script, dataPath, join(folder, 'bench.duckdb'), join(folder, 'pipeline'), input]
    const output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return { ...parseMeasurement(output), seconds: (performance.now() - startedAt) / 1000 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Medians over pairs of new time over old time; who begins changes from pair to pair. */
function compare(before: string, after: string, dataPath: string, input: string): number {
  const ratios: number[] = []
  const cpuRatios: number[] = []
  for (let pair = 0; pair < Number(options.pairs); pair++) {
    const first = measure(pair % 2 === 0 ? before : after, dataPath, input)
    const second = measure(pair % 2 === 0 ? after : before, dataPath, input)
    const [old, current] = pair % 2 === 0 ? [first, second] : [second, first]
    ratios.push(current.seconds / old.seconds)
    cpuRatios.push(current.cpuSeconds / old.cpuSeconds)
    console.log(`${input}, pair ${pair + 1}: ${old.seconds.toFixed(2)} s, then ${current.seconds.toFixed(2)} s`)
  }
  const ratio = median(ratios)
  console.log(`${input}: ${ratio.toFixed(3)} x the time, ${median(cpuRatios).toFixed(3)} x the processor time`)
  return ratio
}

function main(): void {
  if (options.help) {
    console.log(usage)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'dlt-regression-'))
  try {
    const before = build(options.base, join(folder, 'before'))
    const after = build('HEAD', join(folder, 'after'))
    const slower = ['generator', 'json-lines'].filter(
      (input) => compare(before, after, data.path, input) > allowedRatio,
    )
    console.log(
      slower.length === 0 ? 'No input is slower.' : `More than 10 % slower than ${options.base}: ${slower.join(', ')}`,
    )
    if (slower.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const data = await ensureDataFile(join(appFolder, 'data'), Number(options.documents))
main()
