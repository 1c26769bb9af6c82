import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { dataToResources } from '../../src/declare/data-to-resources.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import type { Resource } from '../../src/declare/resource.ts'
import type { RunHints } from '../../src/declare/run-hints.ts'

function* issues(): Generator<{ id: number }> {
  yield { id: 1 }
}

async function* pulls(): AsyncGenerator<{ id: number }> {
  yield { id: 2 }
}

const names = (data: unknown, hints: RunHints = {}): string[] => dataToResources(data, hints).map(({ name }) => name)

function failure(data: unknown, hints: RunHints = {}): DltError {
  try {
    dataToResources(data, hints)
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('no error was thrown')
}

async function items(resources: readonly Resource[]): Promise<unknown[]> {
  const found: unknown[] = []
  for (const each of resources) for await (const item of each) found.push(item)
  return found
}

describe('names', () => {
  it('come from a resource', () => {
    expect(names(resource({ name: 'issues' }, []))).toEqual(['issues'])
  })

  it('come from a function: generator, async generator, plain, arrow, bound', () => {
    const rows = (): unknown[] => []
    expect(names(issues)).toEqual(['issues'])
    expect(names(pulls)).toEqual(['pulls'])
    expect(names(rows)).toEqual(['rows'])
    expect(names(issues.bind(undefined))).toEqual(['issues'])
  })

  it('come from tableName, or from name where the table is called otherwise', () => {
    expect(names([1], { tableName: 'Items' })).toEqual(['Items'])
    expect(names([1], { name: 'labels' })).toEqual(['labels'])
    expect(names([1], { name: 'labels', tableName: 'label_table' })).toEqual(['labels'])
    expect(names(issues, { tableName: 'tickets' })).toEqual(['tickets'])
  })

  it('are missing for a list, a generator object and a nameless function', () => {
    const message =
      "The data has no name, so its table has none. Pass tableName, for instance run(data, { tableName: 'items' }); a function gives its own name when it is passed without calling it."
    expect(failure([1, 2]).message).toBe(message)
    expect(failure(issues()).message).toBe(message)
    expect(failure([issues(), issues()]).message).toBe(message)
    expect(failure({ id: 1 }).message).toBe(message)
    expect(failure([]).message).toBe(message)
    expect(failure([1], { tableName: (item) => `t${item}` }).message).toBe(
      "The data has no name: tableName only says where each item goes. Pass name as well, for instance run(data, { name: 'events', tableName }).",
    )
    expect(failure((() => () => [])()).message).toBe(
      'The function given as data has no name, so its table has none. Name the function, or pass tableName.',
    )
  })
})

describe('lists', () => {
  it('of functions give one resource each', () => {
    expect(names([issues, pulls])).toEqual(['issues', 'pulls'])
  })

  it('of functions with a table name give one resource that reads them all', async () => {
    const resources = dataToResources([issues, pulls], { tableName: 'items' })
    expect(resources.map(({ name }) => name)).toEqual(['items'])
    expect(await items(resources)).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('of rows may hold functions and generators that give more rows', async () => {
    const resources = dataToResources([{ id: 0 }, issues, pulls()], { tableName: 'items' })
    expect(await items(resources)).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }])
  })

  it('of resources give each, also together with functions', () => {
    expect(names([resource({ name: 'a' }, []), issues, resource({ name: 'b' }, [])])).toEqual(['a', 'issues', 'b'])
  })

  it('of resources may hold nothing else', () => {
    expect(failure([resource({ name: 'a' }, []), { id: 1 }]).message).toBe(
      "Element 2 of the list is neither a resource nor a function. Give it a name: dlt.resource({ name: 'items' }, data).",
    )
  })
})

describe('hints of a run', () => {
  it('win over those of a single resource; columns are merged', () => {
    const declared = resource(
      { name: 'issues', writeDisposition: 'append', columns: { id: { data_type: 'bigint' } } },
      [],
    )
    const [changed] = dataToResources(declared, {
      tableName: 'tickets',
      writeDisposition: 'replace',
      primaryKey: 'id',
      columns: [
        { name: 'id', nullable: false },
        { name: 'title', data_type: 'text' },
      ],
    })
    expect(changed?.options).toEqual({
      name: 'issues',
      tableName: 'tickets',
      writeDisposition: 'replace',
      primaryKey: 'id',
      columns: [
        { name: 'id', data_type: 'bigint', nullable: false },
        { name: 'title', data_type: 'text' },
      ],
    })
    expect(declared.options.writeDisposition).toBe('append')
  })

  it('hold for a function and for a list of one', () => {
    expect(dataToResources(issues, { writeDisposition: 'replace' })[0]?.options.writeDisposition).toBe('replace')
    const list = [resource({ name: 'a' }, [])]
    expect(dataToResources(list, { tableName: 'b' })[0]?.options.tableName).toBe('b')
  })

  it('say for several resources what becomes of rows that are there', () => {
    const resources = dataToResources([resource({ name: 'a' }, []), issues], { writeDisposition: 'replace' })
    expect(resources.map(({ options }) => options.writeDisposition)).toEqual(['replace', 'replace'])
  })

  it('are refused for several resources', () => {
    const resources = [resource({ name: 'a' }, []), resource({ name: 'b' }, [])]
    const error = failure(resources, { tableName: 't', primaryKey: 'id' })
    expect(error.code).toBe('CONFIGURATION')
    expect(error.message).toBe(
      "tableName, primaryKey cannot be given for 2 resources at once: say it in each resource, dlt.resource({ name: 'issues', tableName: … }, data), or run them one by one.",
    )
    expect(failure([issues, pulls], { mergeKey: 'day' }).code).toBe('CONFIGURATION')
  })

  it.each([
    [
      { tableName: ' ' },
      'IDENTIFIER',
      'The run: the table name " " is empty or white space. Use a name of letters and digits.',
    ],
    [
      { tableName: 1 },
      'CONFIGURATION',
      'The run: tableName must be a name, or a function that gives the name for an item.',
    ],
    [
      { writeDisposition: 'upsert' },
      'CONFIGURATION',
      "The run: writeDisposition must be 'append', 'replace', 'merge', 'skip', or an object with one of them as disposition.",
    ],
    [
      { columns: 'id' },
      'CONFIGURATION',
      'The run: columns must be a list of columns with names, a record of columns by name, or a schema.',
    ],
    [{ columns: [{}] }, 'CONFIGURATION', 'The run: columns must be a list in which every column has a name.'],
    [
      { columns: { id: { data_type: 'int' } } },
      'CONFIGURATION',
      'The run: columns: data_type of "id" must be one of text, double, bool, timestamp, bigint, binary, json, decimal, wei, date, time.',
    ],
    [{ primaryKey: [1] }, 'CONFIGURATION', 'The run: primaryKey must be the name of a column, or a list of names.'],
  ])('%j are refused', (hints, code, message) => {
    const error = failure(issues, hints as unknown as RunHints)
    expect([error.code, error.message]).toEqual([code, message])
  })
})

describe('what is no data', () => {
  it.each([
    ['events.jsonl', "Use dlt.jsonLines('events.jsonl')."],
    ['data/events.ndjson.gz', "Use dlt.jsonLines('data/events.ndjson.gz')."],
    ['file:///data/events.jsonl', "Use dlt.jsonLines('file:///data/events.jsonl')."],
    ...['file.json', 'file.parquet', 's3://bucket/file.json', 's3://bucket/events.jsonl', 'postgres://host/db'].map(
      (uri) => [
        uri,
        "Read it in a generator that yields its rows, or use dlt.jsonLines('file.jsonl') where it is a file of JSON Lines.",
      ],
    ),
  ])('the URI %s is refused with what to do instead', (uri, remedy) => {
    const error = failure(uri, { tableName: 't' })
    expect(error.code).toBe('UNSUPPORTED')
    expect(error.message).toBe(`The data given: a file name or URI as data is not supported: '${uri}'. ${remedy}`)
  })

  it('a URI is quoted without its secrets', () => {
    const { message } = failure('https://me:canary@host/a.json?signature=canary')
    expect(message).toContain("'https://***@host/a.json'")
    expect(message).not.toContain('canary')
  })

  it('text is refused', () => {
    const error = failure('some text', { tableName: 't' })
    expect([error.code, error.message]).toEqual([
      'DATA',
      'The data given: text is no data. Put it in a list to load it as a row: [text].',
    ])
  })

  it.each([null, undefined])('%s is refused', (nothing) => {
    expect(failure(nothing).message).toBe(
      `The data given: there is no data (${nothing} was given). Pass a list, an iterable or a function; a function that is called must return its data.`,
    )
  })

  it('a symbol is refused', () => {
    expect(failure(Symbol('data')).message).toBe(
      'The data given: a symbol is no data. Pass a list, an iterable or a function.',
    )
  })
})
