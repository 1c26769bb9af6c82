import { createSchema } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { extractSource } from '../../src/extract/extract-source.ts'
import { createState, decodeState, encodeState, type PipelineState } from '../../src/state/pipeline-state.ts'
import { withSourceStates } from '../../src/state/source-state.ts'
import { SourceStateDraft } from '../../src/state/source-state-draft.ts'
import { sampleSource } from '../extract/sample-source.ts'
import { TemporaryPackage } from '../extract/temporary-package.ts'

interface Row {
  readonly id: number
  readonly at: number
}

/** One run: rows that the API has, how they come, and where it fails, if it does. */
interface ModelRun {
  readonly rows: readonly Row[]
  readonly inPages: boolean
  readonly limit: number | undefined
  readonly failsAt: number | undefined
}

const rows = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 12 }), at: fc.integer({ min: 1, max: 6 }) }), {
  maxLength: 10,
  selector: ({ id }) => id,
})
const runs: fc.Arbitrary<ModelRun> = fc.record({
  rows: rows.map((all) => all.toSorted((a, b) => a.at - b.at || a.id - b.id)),
  inPages: fc.boolean(),
  limit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  failsAt: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
})

const pagesOf = (all: readonly Row[]): readonly (readonly Row[])[] =>
  Array.from({ length: Math.ceil(all.length / 3) }, (_, index) => all.slice(index * 3, index * 3 + 3))

/** Extracts one run on top of a state, which it returns as the next process would read it; rows are noted in `loaded`. */
async function play(state: PipelineState, run: ModelRun, loaded: number[]): Promise<PipelineState> {
  await using folder = await TemporaryPackage.create()
  const draft = new SourceStateDraft('shop', state.sources?.['shop'])
  const read: number[] = []
  const items = resource(
    { name: 'items', primaryKey: 'id', incremental: { cursorPath: 'at' } },
    ({ state: own }): readonly (Row | readonly Row[])[] => {
      own['runs'] = Number(own['runs'] ?? 0) + 1
      return run.inPages ? pagesOf(run.rows) : run.rows
    },
  )
  const limited = run.limit === undefined ? items : items.addLimit({ maxItems: run.limit, countRows: true })
  // What comes after the limit is what is loaded.
  const noted = limited.addMap(
    (row) => {
      if (read.length === run.failsAt) throw new Error('failed')
      const single: unknown = row
      if (isRow(single)) read.push(single.id)
      return row
    },
    { insertAt: limited.steps.length },
  )
  const source = { ...sampleSource(createSchema('shop'), [noted]), state: draft }
  try {
    await extractSource(source, folder.writer)
  } catch {
    return state
  }
  loaded.push(...read)
  return decodeState(encodeState(withSourceStates(state, [source])), 'state.json')
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value
}

describe('runs one after another, some of which fail', () => {
  test('load nothing twice that was loaded by its cursor, and lose nothing: the state moves with the data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(runs, { minLength: 1, maxLength: 5 }), async (all) => {
        let state = createState('shop')
        let succeeded = 0
        const loaded: number[] = []
        let last = Number.NEGATIVE_INFINITY
        let boundary = new Set<number>()
        for (const run of all) {
          const before = state
          const count = loaded.length
          state = await play(state, run, loaded)
          const fresh = run.rows.filter(({ id, at }) => at > last || (at === last && !boundary.has(id)))
          if (state === before) {
            expect(loaded).toHaveLength(count)
            continue
          }
          succeeded++
          const expected = takenBy(run, fresh)
          expect(loaded.slice(count)).toEqual(expected.map(({ id }) => id))
          const newest = Math.max(last, ...expected.map(({ at }) => at))
          if (newest > last) boundary = new Set()
          for (const { id, at } of expected) if (at === newest) boundary.add(id)
          last = newest
          expect(state.sources).toMatchObject({ shop: { resources: { items: { runs: succeeded } } } })
        }
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})

/** The rows of a run that pass its limit: whole pages until there are enough, and a page counts by what is new in it. */
function takenBy({ rows: all, inPages, limit }: ModelRun, fresh: readonly Row[]): readonly Row[] {
  if (limit === undefined) return fresh
  if (!inPages) return fresh.slice(0, limit)
  const taken: Row[] = []
  for (const page of pagesOf(all)) {
    if (taken.length >= limit) break
    taken.push(...page.filter((row) => fresh.includes(row)))
  }
  return taken
}
