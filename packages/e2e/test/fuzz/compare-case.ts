import { differingParts, type Parts, partsOf } from '../fixtures/compare-parts.ts'
import { type FixtureCase, fullRun, type Observed, type RunSpec } from '../fixtures/recorded-case.ts'
import { runCase } from '../fixtures/run-case.ts'
import type { Oracle } from './oracle.ts'
import { spellApart } from './spell-apart.ts'
import { differsInVariantOrder } from './variant-order.ts'

/** Both sides of the parts that belong to one resource. */
export interface Difference {
  /** Names of the parts that differ. */
  readonly differing: readonly string[]
  /** All parts of the resource. */
  readonly reference: Parts
  readonly here: Parts
}

/** What comparing a case brought. */
export interface Comparison {
  /** Notes on resources that need no further look: `name-collisions`, `variant-order`, and steps at which both systems fail. */
  readonly explained: readonly string[]
  /** Resources that differ without a reason, with both sides. */
  readonly unexplained: readonly { readonly resource: string; readonly difference: Difference }[]
}

const mostRounds = 4

/**
 * Runs a case through both systems. Where a run failed or something differs, resources run one by one: they would hide each other.
 *
 * A resource with a collision of names is explained only if nothing differs any more once its keys are spelled apart.
 */
export async function compareCase(oracle: Oracle, fixture: FixtureCase): Promise<Comparison> {
  const names = resourceNames(fixture)
  const [only = ''] = names
  if (names.length === 1) return compareResource(oracle, fixture, only, 0)
  const [reference, here] = await observeBoth(oracle, fixture)
  if (hasFailed(reference) || hasFailed(here)) return compareOneByOne(oracle, fixture, names)
  const [left, right] = [partsOf(reference), partsOf(here)]
  const differing = Object.keys(differingParts(left, right))
  if (differing.length === 0) return { explained: [], unexplained: [] }
  const responsible = names.filter((resource) => differing.some((part) => belongsTo(part, resource)))
  const whole = { resource: '', difference: { differing, reference: left, here: right } }
  // Hashes and versions follow from what differs in a resource; whatever else belongs to none must be equal.
  const own = differing.filter((part) => !follows(part))
  const strays = own.some((part) => !responsible.some((resource) => belongsTo(part, resource)))
  if (responsible.length === 0 || strays) return { explained: [], unexplained: [whole] }
  const found = await compareOneByOne(oracle, fixture, responsible)
  const silent = found.explained.length + found.unexplained.length < responsible.length
  return silent ? { ...found, unexplained: [...found.unexplained, whole] } : found
}

function follows(part: string): boolean {
  return /^(?:run \d+|schema: version|rows of _dlt_(?:loads|version))$/.test(part)
}

async function compareOneByOne(oracle: Oracle, fixture: FixtureCase, names: readonly string[]): Promise<Comparison> {
  const single: Comparison[] = []
  for (const name of names) single.push(await compareResource(oracle, onlyResource(fixture, name), name, 0))
  return {
    explained: single.flatMap(({ explained }) => explained),
    unexplained: single.flatMap(({ unexplained }) => unexplained),
  }
}

async function compareResource(
  oracle: Oracle,
  fixture: FixtureCase,
  resource: string,
  round: number,
): Promise<Comparison> {
  const [reference, here] = await observeBoth(oracle, fixture)
  const [left, right] = [partsOf(reference), partsOf(here)]
  const differing = Object.keys(differingParts(left, right))
  if (differing.length === 0) return { explained: failedSteps(here), unexplained: [] }
  if (!hasFailed(reference) && !hasFailed(here) && differsInVariantOrder(differing, left, right, follows)) {
    return { explained: ['variant-order'], unexplained: [] }
  }
  const apart = round < mostRounds ? spellApart(fixture, here, round) : undefined
  if (apart === undefined) {
    return { explained: [], unexplained: [{ resource, difference: { differing, reference: left, here: right } }] }
  }
  const { unexplained } = await compareResource(oracle, apart, resource, round + 1)
  return unexplained.length === 0 ? { explained: ['name-collisions'], unexplained } : { explained: [], unexplained }
}

async function observeBoth(oracle: Oracle, fixture: FixtureCase): Promise<readonly [Observed, Observed]> {
  return await Promise.all([oracle.observe(fixture), runCase(fixture)])
}

/** At most one note, so that resources can be counted. */
function failedSteps({ runs }: Observed): readonly string[] {
  return runs.flatMap((outcome) => ('failed' in outcome ? [`both fail in ${outcome.failed}`] : [])).slice(0, 1)
}

function belongsTo(part: string, resource: string): boolean {
  const table = / (?:table|of) (.*)$/s.exec(part)?.[1]
  return table === resource || table?.startsWith(`${resource}__`) === true
}

function hasFailed({ runs }: Observed): boolean {
  return runs.some((outcome) => 'failed' in outcome)
}

/** The names of a case's resources. */
export function resourceNames({ runs }: FixtureCase): readonly string[] {
  return [...new Set(runs.flatMap((run) => fullRun(run).resources.map(({ name }) => name)))]
}

/** A case with one of its resources. */
export function onlyResource(fixture: FixtureCase, name: string): FixtureCase {
  const runs = fixture.runs.map((run): RunSpec => {
    const { resources, ...rest } = fullRun(run)
    return { ...rest, resources: resources.filter((resource) => resource.name === name) }
  })
  return { ...fixture, runs: runs.filter(({ resources }) => resources.length > 0) }
}
