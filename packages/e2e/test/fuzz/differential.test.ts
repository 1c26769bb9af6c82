import { env } from 'node:process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FixtureCase, fullRun } from '../fixtures/recorded-case.ts'
import { compareCase, onlyResource } from './compare-case.ts'
import { jsonOnly } from './json-only.ts'
import { Oracle } from './oracle.ts'
import { randomCase } from './random-case.ts'
import { shrinkCase } from './shrink-case.ts'

// An interpreter with dlt[duckdb]==1.31.0; nothing is compared without.
const {
  DLT_ORACLE_PYTHON = '',
  FUZZ_DOCUMENTS = '1000',
  FUZZ_SEED = '1',
  FUZZ_FINDINGS = '5',
  FUZZ_ATTEMPTS = '150',
  FUZZ_TEXT = 'half',
} = env
// Warnings of so many pipelines tell nothing; the first pipeline reads the level.
env['RUNTIME__LOG_LEVEL'] = 'CRITICAL'
const size = { runs: 2, resources: 10 }

test.runIf(DLT_ORACLE_PYTHON !== '')(
  'random documents give what Python dlt makes of them',
  async () => {
    using oracle = new Oracle(DLT_ORACLE_PYTHON)
    const reasons = new Map<string, number>()
    const findings: string[] = []
    let documents = 0
    for (let number = 0; documents < Number(FUZZ_DOCUMENTS) && findings.length < Number(FUZZ_FINDINGS); number++) {
      const fixture = caseOf(Number(FUZZ_SEED), number)
      documents += documentCount(fixture)
      const { explained, unexplained } = await compareCase(oracle, fixture)
      for (const reason of explained) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      for (const { resource } of unexplained) findings.push(await describeFinding(oracle, fixture, resource))
      console.log(`${documents} documents, ${findings.length} unexplained, explained: ${JSON.stringify([...reasons])}`)
    }
    expect(findings.join('\n\n')).toBe('')
  },
  24 * 3600 * 1000,
)

function caseOf(seed: number, number: number): FixtureCase {
  const [fixture] = fc.sample(randomCase(`fuzz-${seed}-${number}`, size), { seed: seed * 100_003 + number, numRuns: 1 })
  if (fixture === undefined) throw new Error('No case was made.')
  if (FUZZ_TEXT === 'only') return jsonOnly(fixture)
  // In every second case what JSON can hold is given as text here.
  return { ...fixture, as_text: number % 2 === 1 }
}

function documentCount({ runs }: FixtureCase): number {
  return runs
    .flatMap((run) => fullRun(run).resources.map(({ data = [] }) => data.length))
    .reduce((sum, n) => sum + n, 0)
}

/** A smallest case, as it would stand in `fixtures/cases`, and both sides of what differs. */
async function describeFinding(oracle: Oracle, fixture: FixtureCase, resource: string): Promise<string> {
  const single = resource === '' ? fixture : onlyResource(fixture, resource)
  const differs = async (smaller: FixtureCase) => (await compareCase(oracle, smaller)).unexplained.length > 0
  const shrunk = (await differs(single)) ? await shrinkCase(single, differs, Number(FUZZ_ATTEMPTS)) : fixture
  const { unexplained } = await compareCase(oracle, shrunk)
  const sides = unexplained.flatMap(({ difference: { differing, reference, here } }) =>
    differing.map(
      (part) => `${part}\n  Python: ${JSON.stringify(reference[part])}\n  here:   ${JSON.stringify(here[part])}`,
    ),
  )
  const finding = [JSON.stringify(shrunk), ...sides].join('\n').slice(0, 8000)
  console.log(finding)
  return finding
}
