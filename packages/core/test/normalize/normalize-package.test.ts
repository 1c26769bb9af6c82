import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sampleCapabilities } from '@dlt/destination/testing'
import { createSchema, DltError, type Schema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { extractSource } from '../../src/extract/extract-source.ts'
import { type NormalizePackageInput, normalizePackage } from '../../src/normalize/normalize-package.ts'
import { sampleSource } from '../extract/sample-source.ts'
import { TemporaryPackage } from '../extract/temporary-package.ts'

interface Outcome {
  readonly schema: Schema
  readonly rowCounts: Readonly<Record<string, number>>
  readonly formats: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
  readonly rows: Readonly<Record<string, readonly unknown[]>>
}

/** Extracts in pages of a few rows and normalizes; rows are read back from JSON lines, without the random ids. */
async function normalized(
  resources: readonly Resource[],
  options: Partial<NormalizePackageInput> & { readonly pageRows?: number } = {},
): Promise<Outcome> {
  await using extracted = await TemporaryPackage.create()
  await using target = await TemporaryPackage.create()
  const { pageRows = 3, ...overrides } = options
  const source = sampleSource(createSchema('shop'), resources)
  const { schema } = await extractSource(source, extracted.writer, { pageRows, pageBytes: 200 })
  const result = await normalizePackage({
    files: extracted.files,
    pathOf: ({ name }) => join(extracted.directory, name),
    schema,
    capabilities: sampleCapabilities,
    writer: target.writer,
    scratchDirectory: target.directory,
    ...overrides,
  })
  return {
    ...result,
    rowCounts: Object.fromEntries(result.rowCounts),
    rows: await readRows(target),
  }
}

async function readRows(target: TemporaryPackage): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {}
  for (const { name, tableName } of target.files) {
    const text = await readFile(join(target.directory, name), 'utf8')
    const parsed = text
      .split('\n')
      .filter((line) => line !== '')
      .map(withoutIds)
    rows[tableName] = [...(rows[tableName] ?? []), ...parsed]
  }
  return rows
}

function withoutIds(line: string): unknown {
  const { _dlt_id, _dlt_parent_id, _dlt_load_id, ...row } = JSON.parse(line)
  return row
}

const mixed = (): Resource =>
  resource(
    { name: 'orders' },
    Array.from({ length: 40 }, (_, id) => ({
      id,
      amount: id % 7 === 3 ? `${id}` : id % 7 === 5 ? 'free' : id,
      rating: id === 33 ? 4.5 : 4,
      items: id % 3 === 0 ? [{ sku: `s${id}`, count: id }, { sku: 'gift' }] : [],
    })),
  )

describe('normalizing a package', () => {
  test('gives rows by table, with the schema that they result in', async () => {
    const { rows, rowCounts, schema } = await normalized([
      resource({ name: 'people' }, [{ id: 1, 'First Name': 'Ada', tags: ['x', 'y'] }]),
    ])
    expect(rows).toEqual({
      people: [{ id: 1, first_name: 'Ada' }],
      people__tags: [
        { value: 'x', _dlt_list_idx: 0 },
        { value: 'y', _dlt_list_idx: 1 },
      ],
    })
    expect(rowCounts).toEqual({ people: 1, people__tags: 2 })
    expect([...(schema.tables.get('people')?.columns.keys() ?? [])]).toEqual([
      'id',
      'first_name',
      '_dlt_load_id',
      '_dlt_id',
    ])
    expect(schema.tables.get('people__tags')?.parent).toBe('people')
  })

  test('gives the same with threads as without, however pages are cut', async () => {
    const inProcess = await normalized([mixed()], { pageRows: 40 })
    const inThreads = await normalized([mixed()], { pageRows: 7, workers: 2, smallPackageBytes: 0 })
    expect(inThreads.rows).toEqual(inProcess.rows)
    expect([...inThreads.schema.tables]).toEqual([...inProcess.schema.tables])
    expect(inProcess.rows['orders']?.[3]).toEqual({ id: 3, amount: 3, rating: 4 })
    expect(inProcess.rows['orders']?.[5]).toEqual({ id: 5, amount__v_text: 'free', rating: 4 })
  })

  test('takes what one table adds to the schema into account for the tables after it', async () => {
    const first = resource({ name: 'a', tableName: 'shared' }, [{ v: 1 }])
    const second = resource({ name: 'b', tableName: 'shared__list' }, [{ w: 'x' }])
    const third = resource({ name: 'c', tableName: 'shared' }, [{ v: 'no number', list: [{ w: 2 }] }])
    const { rows } = await normalized([first, second, third])
    expect(rows['shared']).toEqual([{ v: 1 }, { v__v_text: 'no number' }])
    // All documents of one table come before those of the next.
    expect(rows['shared__list']).toEqual([{ w: 2 }, { w__v_text: 'x' }])
  })

  test('names the file and the line of text that is not JSON, also from a thread', async () => {
    const text = ['{"id": 1}', '{"id": 2}', '{"id": 3,}', '{"id": 4}'].join('\n')
    for (const smallPackageBytes of [undefined, 0]) {
      const lines = jsonLines(Readable.from([Buffer.from(text)]), { name: 'events' })
      const error = await normalized([lines], { ...(smallPackageBytes !== undefined && { smallPackageBytes }) }).catch(
        (caught: unknown) => caught,
      )
      expect(DltError.is(error) && error.code).toBe('DATA')
      expect(DltError.is(error) && error.context.line).toBe(3)
      expect(String(error)).toContain('line 3')
      expect(String(error)).not.toContain('"id"')
    }
  })

  test('keeps the digits of integers in text that goes through unparsed', async () => {
    const lines = jsonLines(Readable.from([Buffer.from('{"n": 9007199254740993}\n{"n": 1}\n')]), { name: 'events' })
    await using target = await TemporaryPackage.create()
    await normalized([lines], { writer: target.writer })
    const [file] = target.files
    expect(file && target.bytes(file).toString('utf8')).toContain('"n":9007199254740993')
  })

  test('says which format the files have, and why', async () => {
    const { formats } = await normalized([mixed()])
    expect(formats.get('orders')).toBe(
      'Files are written as "jsonl": the package has 68 rows, at most 10000 count as small.',
    )
  })

  test('writes no file for a table that gets no rows', async () => {
    const { rows, rowCounts } = await normalized([resource({ name: 'people' }, [{ id: 1, tags: [] }])])
    expect(Object.keys(rows)).toEqual(['people'])
    expect(rowCounts).toEqual({ people: 1 })
  })
})
