import { join } from 'node:path'
import dlt, { type Pipeline, PipelineStepFailed, type ResourceData, type RunOptions } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { DltError } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LoadedPipeline, type PipelineContent } from './bad-input/loaded-pipeline.ts'

let loaded: LoadedPipeline
let pipeline: Pipeline
let before: PipelineContent

beforeEach(async () => {
  loaded = await LoadedPipeline.create()
  pipeline = loaded.pipeline
  before = await loaded.content()
})

afterEach(async () => {
  await loaded[Symbol.asyncDispose]()
})

interface Failure {
  readonly step: string
  readonly code: string
  readonly message: string
  /** Message of the error that was thrown by user code, if any. */
  readonly reason?: string
}

async function failureOf(data: ResourceData, options?: RunOptions): Promise<Failure> {
  try {
    await pipeline.run(data, options)
  } catch (error) {
    if (!(error instanceof PipelineStepFailed) || !DltError.is(error.cause)) throw error
    const { step, message, cause } = error
    const reason = cause.cause instanceof Error && !DltError.is(cause.cause) ? { reason: cause.cause.message } : {}
    return { step, code: cause.code, message, ...reason }
  }
  throw new Error('The run did not fail.')
}

/** Nothing was committed: the working directory and the database are as before, byte by byte and row by row. */
async function expectUntouched(): Promise<void> {
  expect(await loaded.content()).toEqual(before)
}

describe('data that cannot be extracted', () => {
  const atExtract = 'Pipeline "bad_input" failed at step "extract": '
  const remedy = 'which cannot be loaded. Remove it, or replace it by a plain value before the item is yielded.'
  const rows = [{ id: 2 }, { id: 3 }]

  test('an object that contains itself', async () => {
    const circular: { id: number; self?: unknown } = { id: 4 }
    circular.self = { deep: [circular] }
    expect(await failureOf([...rows, circular], { tableName: 'items' })).toEqual({
      step: 'extract',
      code: 'DATA',
      message: `${atExtract}Resource "items", writing, item 3: The item holds, at "self.deep[0]", an object that contains itself (a circular reference), ${remedy}`,
    })
    await expectUntouched()
  })

  test.for([
    ['function', (): number => 1],
    ['symbol', Symbol('secret')],
  ] as const)('a %s as value', async ([kind, value]) => {
    expect(await failureOf([...rows, { on: { click: [value] } }], { tableName: 'items' })).toEqual({
      step: 'extract',
      code: 'DATA',
      message: `${atExtract}Resource "items", writing, item 3: The item holds, at "on.click[0]", a ${kind}, ${remedy}`,
    })
    await expectUntouched()
  })

  test('a generator that throws half-way', async () => {
    const items = dlt.resource({ name: 'items' }, function* () {
      yield rows
      throw new Error('the API is down')
    })
    expect(await failureOf(items)).toEqual({
      step: 'extract',
      code: 'DATA',
      message: `${atExtract}Resource "items" failed after 2 items in 1 page: Error: the API is down. Nothing of this run was stored; run again when the cause is removed.`,
      reason: 'the API is down',
    })
    await expectUntouched()
  })

  test('a generator that throws after other resources were read', async () => {
    const others = dlt.resource({ name: 'others' }, rows)
    const items = dlt.resource({ name: 'items' }, async function* () {
      yield* rows
      throw new Error('the API is down')
    })
    expect(await failureOf([others, items])).toMatchObject({ step: 'extract', reason: 'the API is down' })
    await expectUntouched()
    const info = await pipeline.run([others, dlt.resource({ name: 'items' }, rows)])
    expect(info.hasFailedJobs).toBe(false)
    expect(await loaded.count('items')).toBe(3)
  })

  test('an invalid line of a file whose items are looked at', async () => {
    const file = await loaded.write('events.jsonl', '{"id":1}\n{"id":2}\n{"id":3,\n{"id":4}\n')
    const events = dlt.jsonLines<{ id: number }>(file, { name: 'events', tableName: ({ id }) => `event_${id}` })
    expect(await failureOf(events)).toEqual({
      step: 'extract',
      code: 'DATA',
      message: `${atExtract}Resource "events": "${file}", line 3: the line is not valid JSON. Correct or remove it.`,
    })
    await expectUntouched()
  })

  test('a file that is not there', async () => {
    const file = join(loaded.folder, 'missing.jsonl')
    expect(await failureOf(dlt.jsonLines(file))).toMatchObject({
      step: 'extract',
      code: 'DATA',
      message: `${atExtract}Resource "missing": "${file}" cannot be read: ENOENT: no such file or directory, open '${file}'. Check that it exists, is readable and complete.`,
    })
    await expectUntouched()
  })
})

describe('names of which nothing is left', () => {
  const failed = 'Pipeline "bad_input" failed at step "extract": '
  const nothing = (what: string) =>
    `Resource "items": nothing is left of the ${what} after normalizing it. Use a ${what.startsWith('table') ? 'tableName' : 'name'} with letters or digits.`
  const blankTable = 'The run: the table name " \t" is empty or white space. Use a name of letters and digits.'
  const cases: readonly (readonly [string, RunOptions, string])[] = [
    ['a table', { tableName: ' \t' }, blankTable],
    ['a table named by a function', { name: 'items', tableName: () => ' ' }, nothing('table name " "')],
    ['a column', { tableName: 'items', columns: { ' ': { data_type: 'text' } } }, nothing('column name " "')],
    ['a primary key', { tableName: 'items', primaryKey: '' }, nothing('column name ""')],
  ]

  test.for(cases)('%s', async ([, options, message]) => {
    const expected = { step: 'extract', code: 'IDENTIFIER', message: `${failed}${message}` }
    expect(await failureOf([{ id: 2 }], options)).toEqual(expected)
    await expectUntouched()
  })
})

describe('data that cannot be normalized', () => {
  const waits = (loadId: unknown): string =>
    `The package keeps the data as it was extracted: after the correction, give it up with pipeline.abort('${loadId}') and run again.`

  /** The package waits, and nothing of it is at the destination. */
  async function expectWaiting({ step, code, message }: Failure, fact: string): Promise<void> {
    const loadId = await loaded.waitingLoadId()
    expect({ step, code }).toEqual({ step: 'normalize', code: 'DATA' })
    expect(message).toBe(
      `Pipeline "bad_input" failed at step "normalize", load package "${loadId}": ${fact} ${waits(loadId)}`,
    )
    expect((await loaded.content()).tables).toEqual(before.tables)
  }

  test('an invalid line of a file that goes through as text', async () => {
    const file = await loaded.write('events.jsonl', '{"id":1}\n{"id":2}\n{"id":3,\n{"id":4}\n')
    await expectWaiting(
      await failureOf(dlt.jsonLines(file)),
      `Invalid JSON in "${file}", line 3: character 9 is not expected there. Correct the line, or remove it from the file.`,
    )
  })

  test('a null in a column that takes none', async () => {
    const columns = { name: { nullable: false } }
    await expectWaiting(
      await failureOf(dlt.resource({ name: 'people', columns }, [{ name: 'Ada' }, { name: null }])),
      'Column "name" of table "people" must not be null, but a row has no value for it, or one of another type. Fill or correct it in the data, or declare the column as nullable.',
    )
  })
})

describe('destinations that refuse', () => {
  test('a decimal with more digits than the destination has, before anything is read', async () => {
    const columns = { wide: { data_type: 'decimal', precision: 50 } } as const
    const failure = await failureOf(dlt.resource({ name: 'items', columns }, [{ id: 2, wide: 1 }]))
    expect(failure).toEqual({
      step: 'extract',
      code: 'CONFIGURATION',
      message:
        'Pipeline "bad_input" failed at step "extract": Column "wide" of table "items" is declared as a decimal of 50 digits, and the destination "duckdb" takes 1 to 38. Declare a precision of 1 to 38, or the type "text".',
    })
    await expectUntouched()
  })

  test('a column of a type that the destination does not have', async () => {
    const columns = { wide: { data_type: 'bigint', precision: 200 } } as const
    const failure = await failureOf(dlt.resource({ name: 'items', columns }, [{ id: 2, wide: 1 }]))
    const loadId = await loaded.waitingLoadId()
    expect(failure).toEqual({
      step: 'load',
      code: 'DESTINATION',
      message: `Pipeline "bad_input" failed at step "load", load package "${loadId}": DuckDB has no type for column "wide" of table "items": bigint precision 200. Change its precision or scale. Packages wait in the working directory; the next run finishes them first, or pipeline.abort('${loadId}') gives them up.`,
    })
    expect(await loaded.count('items')).toBe(1)
    expect(await loaded.count('_dlt_loads')).toBe(1)
  })

  test('a file that cannot be reached', async () => {
    const file = join(loaded.folder, 'no/such/folder/target.duckdb')
    expect(await failureOf([{ id: 2 }], { tableName: 'items', destination: duckdb({ credentials: file }) })).toEqual({
      step: 'sync',
      code: 'DESTINATION',
      message: `Pipeline "bad_input" failed at step "sync": The DuckDB file "${file}" cannot be opened: its folder does not exist. Create the folder or give another path.`,
    })
    await expectUntouched()
  })

  test('a file that is no database', async () => {
    const file = await loaded.write('target.txt', 'not a database'.repeat(1000))
    const options = { tableName: 'items', destination: duckdb({ credentials: file }) }
    expect(await failureOf([{ id: 2 }], options)).toEqual({
      step: 'sync',
      code: 'DESTINATION',
      message: `Pipeline "bad_input" failed at step "sync": The DuckDB file "${file}" cannot be opened: it is not a DuckDB database. Give the path of another file.`,
    })
    await expectUntouched()
  })

  test('a dataset named like the file', async () => {
    const file = join(loaded.folder, 'documents.duckdb')
    const run = pipeline.run([{ id: 2 }], { tableName: 'items', destination: duckdb({ credentials: file }) })
    await expect(run).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: `The dataset "documents" has the name of a DuckDB database (duckdb:///${file}), so that names of tables would be ambiguous. Choose another dataset name, or give the file another name such as "documents_db.duckdb".`,
    })
    await expectUntouched()
  })
})

describe('values beyond the range of their column', () => {
  test('a number in a column of few bits makes the column wider', async () => {
    const columns = { small: { data_type: 'bigint', precision: 8 } } as const
    const info = await pipeline.run(dlt.resource({ name: 'ranges', columns }, [{ id: 1, small: 300 }]))
    expect(info.hasFailedJobs).toBe(false)
    expect(await loaded.count('ranges', 'small = 300')).toBe(1)
  })

  test.each([
    ['a decimal with too many digits', { data_type: 'decimal' }, new Decimal('1e40'), 'small__v_text'],
    ['an integer of more than 64 bits', { data_type: 'bigint' }, 2n ** 70n, 'small__v_wei'],
    ['a date that does not exist', { data_type: 'timestamp' }, '2024-02-30T00:00:00Z', 'small__v_text'],
  ] as const)('%s is kept in a variant column', async (_, column, value, variant) => {
    const resource = dlt.resource({ name: 'ranges', columns: { small: column } }, [{ id: 2, small: value }])
    const info = await pipeline.run(resource)
    expect(info.hasFailedJobs).toBe(false)
    expect(await loaded.count('ranges', `"${variant}" IS NOT NULL AND small IS NULL`)).toBe(1)
  })
})
