import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** All states of a package, those that count and those of a working step. */
export const packageStates = [
  'extracting',
  'extracted',
  'normalizing',
  'normalized',
  'loading',
  'committed',
  'failed',
  'loaded',
  'aborted',
] as const

/** A state of a package. */
export type PackageState = (typeof packageStates)[number]

/** What the documentation says of one state and one event. */
export interface Cell<Event extends string = string> {
  readonly state: PackageState
  readonly event: Event
  /** The next state, or why there is none. */
  readonly next: string
}

const text = readFileSync(join(import.meta.dirname, '../../../../../docs/package-states.md'), 'utf8')

/**
 * The cells of a table of the documentation.
 * @param section heading above it
 */
export function documentedCells<Event extends string>(
  section: string,
  events: readonly Event[],
): readonly Cell<Event>[] {
  const part = text.split(/^## /m).find((one) => one.startsWith(`${section}\n`)) ?? ''
  const [header = [], , ...rows] = part
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(fields)
  const named = header.slice(1)
  return rows.flatMap(([state = '', ...cells]) =>
    cells.map((next, at) => ({
      state: requireOne(packageStates, state.replaceAll('`', '')),
      event: requireOne(events, named[at] ?? ''),
      next,
    })),
  )
}

function fields(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((field) => field.trim())
}

function requireOne<Name extends string>(known: readonly Name[], name: string): Name {
  const found = known.find((one) => one === name)
  if (found === undefined) throw new Error(`docs/package-states.md has "${name}", which no test knows.`)
  return found
}
