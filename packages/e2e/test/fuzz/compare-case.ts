import { differingParts, type Parts, partsOf } from '../fixtures/compare-parts.ts'
import { type FixtureCase, fullRun, type Observed, type RunSpec } from '../fixtures/recorded-case.ts'
import { runCase } from '../fixtures/run-case.ts'
import { type Difference, reasonOf } from './explained.ts'
import type { Oracle } from './oracle.ts'

/** What comparing a case brought. */
export interface Comparison {
  /** Reasons of the resources that differ as explained. */
  readonly explained: readonly string[]
  /** Resources that differ without a reason, with both sides. */
  readonly unexplained: readonly { readonly resource: string; readonly difference: Difference }[]
}

/** Runs a case through both systems, and its resources one by one where a run failed: they would hide each other. */
export async function compareCase(oracle: Oracle, fixture: FixtureCase): Promise<Comparison> {
  const [reference, here] = await Promise.all([oracle.observe(fixture), runCase(fixture)])
  const names = resourceNames(fixture)
  if (names.length > 1 && (hasFailed(reference) || hasFailed(here))) {
    console.log(`one by one: Python ${JSON.stringify(reference.runs)}, here ${JSON.stringify(here.runs)}`)
    const single: Comparison[] = []
    for (const name of names) single.push(await compareCase(oracle, onlyResource(fixture, name)))
    return {
      explained: single.flatMap(({ explained }) => explained),
      unexplained: single.flatMap(({ unexplained }) => unexplained),
    }
  }
  return compareObserved(names, partsOf(reference), partsOf(here))
}

function compareObserved(names: readonly string[], reference: Parts, here: Parts): Comparison {
  const differing = Object.keys(differingParts(reference, here))
  if (differing.length === 0) return { explained: [], unexplained: [] }
  const explained: string[] = []
  const unexplained: { resource: string; difference: Difference }[] = []
  for (const resource of names) {
    // What belongs to no resource follows from one that differs; with one resource it is that one's.
    const belongs = (part: string) => names.length === 1 || belongsTo(part, resource)
    const own = differing.filter(belongs)
    if (own.length === 0) continue
    const difference = { differing: own, reference: pick(reference, belongs), here: pick(here, belongs) }
    const reason = reasonOf(difference)
    if (reason === undefined) unexplained.push({ resource, difference })
    else explained.push(reason)
  }
  if (explained.length + unexplained.length > 0) return { explained, unexplained }
  return { explained, unexplained: [{ resource: '', difference: { differing, reference, here } }] }
}

function belongsTo(part: string, resource: string): boolean {
  const table = / (?:table|of) (.*)$/s.exec(part)?.[1]
  return table === resource || table?.startsWith(`${resource}__`) === true
}

function pick(parts: Parts, belongs: (part: string) => boolean): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([part]) => belongs(part)))
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
