import type { JsonValue } from '@dlt/schema'
import type { FixtureCase, ResourceSpec, RunSpec } from '../fixtures/recorded-case.ts'
import { fullRun } from '../fixtures/recorded-case.ts'

/**
 * The smallest case found for which something still holds: runs, documents, keys, items and hints are left out, and values made
 * simpler, as long as it does.
 *
 * @param attempts how many cases may be tried
 */
export async function shrinkCase(
  fixture: FixtureCase,
  holds: (smaller: FixtureCase) => Promise<boolean>,
  attempts: number,
): Promise<FixtureCase> {
  let smallest = fixture
  let left = attempts
  for (let passed = 0, improved = true; improved && left > 0; passed = 0) {
    improved = false
    for (let next = step(smallest, passed); next !== undefined && left > 0; next = step(smallest, passed)) {
      left--
      // After an improvement it goes on where it is: what did not help before rarely helps now.
      if (await holds(next)) {
        smallest = next
        improved = true
      } else passed++
    }
  }
  return smallest
}

/** The candidate at a position. */
function step(fixture: FixtureCase, position: number): FixtureCase | undefined {
  const [runs] = smallerRuns(fixture.runs.map(fullRun)).drop(position).take(1)
  return runs && { ...fixture, runs }
}

function* smallerRuns(runs: readonly RunSpec[]): Generator<readonly RunSpec[]> {
  if (runs.length > 1) yield* withoutOne(runs)
  // Hints go from all runs at once: changing them between runs is a matter of its own.
  if (runs.some(({ resources }) => resources.some(hasHints))) yield runs.map(withoutHints)
  for (const [at, run] of runs.entries()) {
    for (const resources of smallerResources(run.resources)) yield runs.with(at, { ...run, resources })
  }
}

function hasHints(resource: ResourceSpec): boolean {
  return Object.keys(resource).some((key) => key !== 'name' && key !== 'data')
}

function withoutHints({ resources, ...rest }: RunSpec): RunSpec {
  return { ...rest, resources: resources.map(({ name, data = [] }) => ({ name, data })) }
}

function* smallerResources(resources: readonly ResourceSpec[]): Generator<readonly ResourceSpec[]> {
  for (const [at, { name, data = [], ...hints }] of resources.entries()) {
    // Half of the documents before single ones; a run has at least one.
    const half = Math.ceil(data.length / 2)
    const fewer = data.length > 3 ? [data.slice(0, half), data.slice(half)] : []
    const lists = [...fewer, ...(data.length > 1 ? withoutOne(data) : [])]
    for (const list of lists) yield resources.with(at, { name, ...hints, data: list })
    for (const [position, item] of data.entries()) {
      for (const value of smallerValues(item)) {
        yield resources.with(at, { name, ...hints, data: data.with(position, value) })
      }
    }
  }
}

/** Simpler values in place of one, the simplest first; objects stay objects at the top. */
function* smallerValues(value: JsonValue): Generator<JsonValue> {
  if (typeof value === 'string') yield* smallerTexts(value)
  if (typeof value === 'number' && ![0, 1, 0.5].includes(value)) yield Number.isInteger(value) ? 1 : 0.5
  if (value === null || typeof value !== 'object') return
  if (isList(value)) {
    yield* withoutOne(value)
    for (const [at, item] of value.entries()) for (const smaller of smallerValues(item)) yield value.with(at, smaller)
    return
  }
  const members = Object.entries(value)
  if (members.length === 1 && members[0]?.[0].startsWith('$') && typeof members[0][1] === 'string') return
  for (const fewer of withoutOne(members)) yield Object.fromEntries(fewer)
  for (const [at, [key, member]] of members.entries()) {
    for (const smaller of smallerValues(member)) yield Object.fromEntries(members.with(at, [key, smaller]))
    if (key.length > 1) yield Object.fromEntries(members.with(at, ['k', member]))
  }
}

function* smallerTexts(text: string): Generator<string> {
  if (text.length > 1) yield 'x'
  if (text.length > 2) yield text.slice(0, Math.ceil(text.length / 2))
}

function* withoutOne<Item>(list: readonly Item[]): Generator<readonly Item[]> {
  for (const at of list.keys()) yield list.toSpliced(at, 1)
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
