/**
 * Checks the arrows inside of core (docs/architecture.md): its folders stand in an order, and a file imports only from its own folder and from
 * folders before it. What must point the other way is listed, with its reason.
 */
import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

const root = 'packages/core/src'

/** The folders, each above those that may import from it. */
const rooms: readonly string[] = [
  'runtime',
  'configuration',
  'state',
  'packages',
  'schema-files',
  'dispositions',
  'incremental',
  'items',
  'item-schema',
  'hints',
  'lines',
  'declare',
  'pipe',
  'extract',
  'normalize',
  'refresh',
  'load',
  'destinations',
  'dataset',
  'plan',
  'pipeline',
]

interface Exception {
  readonly from: string
  readonly to: string
  /** Whether types only may be imported. */
  readonly typesOnly: boolean
}

const exceptions: readonly Exception[] = [
  // A resource or a source is iterated as extract reads it.
  { from: 'declare/resource.ts', to: 'extract/iterate-resource.ts', typesOnly: false },
  { from: 'declare/source.ts', to: 'extract/iterate-source.ts', typesOnly: false },
  // A source runs on the pipeline that was made last, and code of resources asks for the one that runs it.
  { from: 'declare/source.ts', to: 'load/load-info.ts', typesOnly: true },
  { from: 'declare/source.ts', to: 'pipeline/run-options.ts', typesOnly: true },
  { from: 'declare/default-pipeline.ts', to: 'load/load-info.ts', typesOnly: true },
  { from: 'declare/default-pipeline.ts', to: 'pipeline/pipeline.ts', typesOnly: true },
  { from: 'declare/default-pipeline.ts', to: 'pipeline/run-options.ts', typesOnly: true },
  { from: 'declare/current.ts', to: 'pipeline/pipeline.ts', typesOnly: true },
  { from: 'declare/current-place.ts', to: 'pipeline/pipeline.ts', typesOnly: true },
]

const statement = /(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?'(\.[^']+)'|import\('(\.[^']+)'\)/g

const problems: string[] = []
const used = new Set<Exception>()

const placeOf = (file: string): number => rooms.indexOf(file.split('/')[0] ?? '')

const check = (file: string, imported: string, isType: boolean): void => {
  if (placeOf(imported) <= placeOf(file)) return
  const exception = exceptions.find(
    ({ from, to, typesOnly }) => from === file && to === imported && (isType || !typesOnly),
  )
  if (exception !== undefined) used.add(exception)
  else problems.push(`${root}/${file}: may not import "${imported}", which stands above it (tooling/check-rooms.ts)`)
}

for (const path of globSync(`${root}/*/**/*.ts`)) {
  const file = posix.relative(root, path)
  if (placeOf(file) < 0) problems.push(`${path}: its folder has no place in tooling/check-rooms.ts`)
  for (const [, type, from, called] of readFileSync(path, 'utf8').matchAll(statement)) {
    const imported = posix.normalize(posix.join(posix.dirname(file), from ?? called ?? ''))
    check(file, imported, type !== undefined)
  }
}
for (const exception of exceptions) {
  if (!used.has(exception)) problems.push(`tooling/check-rooms.ts: the exception for "${exception.from}" is not needed`)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('Rooms of core: no violations')
