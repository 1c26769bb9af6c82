import { type JsonValue, namingConvention } from '@dlt/schema'
import { type FixtureCase, fullRun, type Observed, type ResourceSpec, type RunSpec } from '../fixtures/recorded-case.ts'

const naming = namingConvention('snake_case')
const tag = /^\$(?:bigint|bytes|decimal|double|timestamp)$/

/** Gives the last key of a path another spelling; `path` leads from a row to a value, `table` is how the row's table is called. */
type Respell = (table: string, path: readonly string[]) => string

/**
 * A case without the collisions of names that were noted when it ran here: at each path of keys that comes to a name that was lost,
 * the last key gets a name of its own. `undefined` when no collision was noted, or nothing can be spelled otherwise.
 *
 * What differs because of a collision is equal then, and what differs for another reason still differs.
 *
 * @param round names are new ones in every round
 */
export function spellApart(fixture: FixtureCase, here: Observed, round: number): FixtureCase | undefined {
  const lost = lostNames(here)
  const spellings = new Map<string, string>()
  const respell: Respell = (table, path) => {
    // A list in a list has no key that can be spelled otherwise: the one that it meets is found by the table's name.
    const isLost = lost.has(nameOf(path)) || lost.has(`${table}__${nameOf(path)}`)
    if (!isLost) return path.at(-1) ?? ''
    const known = spellings.get(JSON.stringify(path)) ?? `apart${round}x${spellings.size}`
    spellings.set(JSON.stringify(path), known)
    return known
  }
  const runs = fixture.runs.map((run) => respellRun(fullRun(run), respell))
  return spellings.size === 0 ? undefined : { ...fixture, runs }
}

/** Names that paths could not have, as the schema notes them: within their tables, and with the names of their tables. */
function lostNames({ schema }: Observed): ReadonlySet<string> {
  const names = Object.entries(schema?.tables ?? {}).flatMap(([table, hints]) =>
    [hints['x-column-names'], hints['x-table-names']]
      .flatMap((recorded) => Object.keys(Object(recorded)))
      .map((path) => nameOf(JSON.parse(path)))
      .flatMap((name) => [name, `${table}__${name}`]),
  )
  return new Set(names)
}

function nameOf(path: readonly string[]): string {
  return naming.shortenFragments(...path.map((key) => naming.normalizePath(key)))
}

function respellRun({ resources, ...rest }: RunSpec, respell: Respell): RunSpec {
  return {
    ...rest,
    resources: resources.map(
      ({ data = [], ...hints }): ResourceSpec => ({
        ...hints,
        data: data.map((item) => respelled(item, nameOf([hints.name]), [], respell)),
      }),
    ),
  }
}

function respelled(value: JsonValue, table: string, path: readonly string[], respell: Respell): JsonValue {
  if (isList(value)) {
    const inner = `${table}__${path.length === 0 ? 'list' : nameOf(path)}`
    return value.map((item) => respelled(item, inner, [], respell))
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const inner = [...path, key]
      return tag.test(key) ? [key, member] : [respell(table, inner), respelled(member, table, inner, respell)]
    }),
  )
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
