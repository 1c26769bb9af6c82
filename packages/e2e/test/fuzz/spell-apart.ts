import { type JsonValue, namingConvention } from '@dlt/schema'
import { type FixtureCase, fullRun, type Observed, type ResourceSpec, type RunSpec } from '../fixtures/recorded-case.ts'

const naming = namingConvention('snake_case')
const tag = /^\$(?:bigint|bytes|decimal|double|timestamp)$/

/** Gives the last key of a path another spelling; the path's keys lead from a row to a value. */
type Respell = (path: readonly string[]) => string

/**
 * A case without the collisions of names that were noted when it ran here: at each path of keys that comes to a name that was lost,
 * the last key gets a name of its own. `undefined` when no collision was noted, or nothing can be spelled otherwise.
 *
 * What differs because of a collision is equal then, and what differs for another reason still differs.
 *
 * @param round names are new ones in every round
 */
export function spellApart(fixture: FixtureCase, here: Observed, round: number): FixtureCase | undefined {
  const lost = new Set(lostPaths(here).map(nameOf))
  const spellings = new Map<string, string>()
  const respell = (path: readonly string[]): string => {
    if (!lost.has(nameOf(path))) return path.at(-1) ?? ''
    const known = spellings.get(JSON.stringify(path)) ?? `apart${round}x${spellings.size}`
    spellings.set(JSON.stringify(path), known)
    return known
  }
  const runs = fixture.runs.map((run) => respellRun(fullRun(run), respell))
  return spellings.size === 0 ? undefined : { ...fixture, runs }
}

/** Paths whose names were taken, as the schema notes them. */
function lostPaths({ schema }: Observed): readonly (readonly string[])[] {
  return Object.values(schema?.tables ?? {}).flatMap((table) =>
    [table['x-column-names'], table['x-table-names']].flatMap((recorded) =>
      Object.keys(Object(recorded)).map((path): readonly string[] => JSON.parse(path)),
    ),
  )
}

function nameOf(path: readonly string[]): string {
  return naming.shortenFragments(...path.map((key) => naming.normalizePath(key)))
}

function respellRun({ resources, ...rest }: RunSpec, respell: Respell): RunSpec {
  return {
    ...rest,
    resources: resources.map(
      ({ data = [], ...hints }): ResourceSpec => ({ ...hints, data: data.map((item) => respelled(item, [], respell)) }),
    ),
  }
}

function respelled(value: JsonValue, path: readonly string[], respell: Respell): JsonValue {
  if (isList(value)) return value.map((item) => respelled(item, [], respell))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const inner = [...path, key]
      return tag.test(key) ? [key, member] : [respell(inner), respelled(member, inner, respell)]
    }),
  )
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
