import { decodePage } from '@dlt/normalize-json'
import { createSchema } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkResources } from '../../src/declare/link-resources.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { type ExtractOptions, extractSource } from '../../src/extract/extract-source.ts'
import { expectedItems, modelResources, pipeModels } from '../pipe/list-model.ts'
import { sampleSource } from './sample-source.ts'
import { TemporaryPackage } from './temporary-package.ts'

/** Extracts in pages of a few rows; the values of each table, in the order of the files. */
async function valuesOf(
  resources: readonly Resource[],
  options: ExtractOptions,
): Promise<ReadonlyMap<string, readonly number[]>> {
  await using folder = await TemporaryPackage.create()
  const source = sampleSource(createSchema('test'), linkResources(resources))
  const { metrics } = await extractSource(source, folder.writer, options)
  const values = new Map<string, readonly number[]>()
  for (const file of folder.files) {
    const { summary, tables } = decodePage(folder.bytes(file))
    const column = tables[0]?.columns[0]?.values ?? []
    if (!(Symbol.iterator in column)) throw new TypeError('The values are no numbers.')
    expect(summary.tables[0]?.columns.map(({ path }) => path)).toEqual([['value']])
    values.set(file.tableName, [...(values.get(file.tableName) ?? []), ...Array.from<unknown, number>(column, Number)])
  }
  for (const { resourceName, rows } of metrics.resources) {
    expect([resourceName, rows]).toEqual([resourceName, values.get(resourceName)?.length ?? 0])
  }
  return values
}

const ascending = (items: readonly number[]): readonly number[] => items.toSorted((a, b) => a - b)

describe('any resources and transformers', () => {
  it('bring the items that lists would give into their tables, in files of any size', async () => {
    await fc.assert(
      fc.asyncProperty(pipeModels, async (model) => {
        const { order, maxParallel, room } = model
        const values = await valuesOf(modelResources(model), { order, maxParallel, pageRows: room })
        expectedItems(model).forEach((expected, index) => {
          const found = values.get(`r${index}`) ?? []
          if (expected.isOrdered) expect(found).toEqual(expected.items)
          else expect(ascending(found)).toEqual(ascending(expected.items))
        })
      }),
      { numRuns: 100 },
    )
  }, 120_000)

  it('bring the items of those that are selected, whatever feeds them', async () => {
    const selections = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(pipeModels, selections, async (model, selected) => {
        const resources = modelResources(model).map((each, index) => each.select(selected[index]))
        const values = await valuesOf(resources, { order: model.order, pageRows: 3 })
        expectedItems(model).forEach(({ items }, index) => {
          const expected = selected[index] ? items : []
          expect(ascending(values.get(`r${index}`) ?? [])).toEqual(ascending(expected))
        })
      }),
      { numRuns: 50 },
    )
  }, 120_000)
})
