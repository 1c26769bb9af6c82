import { type JsonValue, namingConvention } from '@dlt/schema'
import { type FixtureCase, fullRun, type Observed, type ResourceSpec, type RunSpec } from '../fixtures/recorded-case.ts'

const naming = namingConvention('snake_case')
const tag = /^\$(?:bigint|bytes|decimal|double|timestamp)$/

/**
 * A case without the collisions of names that were noted when it ran here: each spelling of a key that lost its name gets a name of
 * its own, everywhere in the documents. `undefined` when no collision was noted, or nothing can be spelled otherwise.
 *
 * What differs because of a collision is equal then, and what differs for another reason still differs.
 *
 * @param round names are new ones in every round
 */
export function spellApart(fixture: FixtureCase, here: Observed, round: number): FixtureCase | undefined {
  const collided = new Set(lostKeys(here).map(nameOf))
  if (collided.size === 0) return undefined
  const spellings = new Map<string, string>()
  const respell = (key: string): string => {
    if (!collided.has(nameOf(key))) return key
    const known = spellings.get(key) ?? `apart${round}x${spellings.size}`
    spellings.set(key, known)
    return known
  }
  const runs = fixture.runs.map((run) => respellRun(fullRun(run), respell))
  return spellings.size === 0 ? undefined : { ...fixture, runs }
}

/** The last keys of paths whose names were taken, as the schema notes them. */
function lostKeys({ schema }: Observed): readonly string[] {
  return Object.values(schema?.tables ?? {}).flatMap((table) =>
    [table['x-column-names'], table['x-table-names']].flatMap((recorded) =>
      Object.keys(Object(recorded)).flatMap((path) => {
        const keys: readonly string[] = JSON.parse(path)
        return keys.slice(-1)
      }),
    ),
  )
}

function nameOf(key: string): string {
  return naming.normalizePath(key)
}

function respellRun({ resources, ...rest }: RunSpec, respell: (key: string) => string): RunSpec {
  return {
    ...rest,
    resources: resources.map(
      ({ data = [], ...hints }): ResourceSpec => ({ ...hints, data: data.map((item) => respellKeys(item, respell)) }),
    ),
  }
}

function respellKeys(value: JsonValue, respell: (key: string) => string): JsonValue {
  if (isList(value)) return value.map((item) => respellKeys(item, respell))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [tag.test(key) ? key : respell(key), respellKeys(member, respell)]),
  )
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
