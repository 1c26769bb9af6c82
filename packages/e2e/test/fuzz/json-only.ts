import type { JsonValue } from '@dlt/schema'
import { type FixtureCase, fullRun } from '../fixtures/recorded-case.ts'

/** A case without the values that JSON cannot hold, so that all its documents can be given as text. */
export function jsonOnly(fixture: FixtureCase): FixtureCase {
  const runs = fixture.runs.map((run) => {
    const { resources, ...rest } = fullRun(run)
    return {
      ...rest,
      resources: resources.map(({ data = [], ...resource }) => ({ ...resource, data: data.map(plain) })),
    }
  })
  return { ...fixture, as_text: true, runs }
}

function plain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.filter((item) => !isTagged(item)).map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined || isTagged(member) ? [] : [[key, plain(member)] as const],
    ),
  )
}

/** Tagged values are objects with one key: `{ "$decimal": "1.10" }`. */
function isTagged(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return Object.is(value, -0)
  const [key, ...others] = Object.keys(value)
  return others.length === 0 && key?.startsWith('$') === true
}
