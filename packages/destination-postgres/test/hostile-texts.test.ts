import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import dlt, { type WriteDispositionHint } from '@dlt/core'
import { postgres as lazy } from '@dlt/core/destinations'
import { createSchema } from '@dlt/schema'
import { databaseAt, declareMissing, PostgresServer, psql, sharedPostgres } from '@dlt/test-services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresOptions } from '../src/index.ts'
import { postgres } from '../src/index.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)

/** In each of them stands the word that is searched for. */
const hostile = [
  `pwned"; DROP TABLE t; --`,
  `pwned'; SELECT now(); --`,
  `$$; SELECT pwned(); $$`,
  `\\'; SELECT pwned(); --`,
  `a\nb\tpwned; --`,
  `$1 pwned ? %s`,
  `E'\\pwned`,
  '/* pwned */',
  '\\.\n\\pwned',
]

const at = (index: number): string => hostile[index % hostile.length] ?? ''

const itemOf = (seed: number): Record<string, unknown> => ({
  id: seed,
  cursor: at(seed),
  ...Object.fromEntries(
    hostile.flatMap((text, index) => [
      [text, at(index + seed)],
      [`object ${text}`, { [text]: at(index) }],
      [`list ${text}`, [{ [text]: text }]],
    ]),
  ),
})

/** What of a statement is neither a quoted identifier nor a literal; nothing where a quotation does not end. */
const bare = (statement: string): string =>
  statement.replaceAll(/"(?:[^"]|"")*"|\bE'(?:\\.|''|[^'\\])*'|'(?:[^']|'')*'/gs, ' ')

const entries = (log: string): readonly string[] =>
  log.replaceAll('\n\t', '\n').split(/^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ )/m)

/** The statements of a server that logs all of them. */
const statements = (log: string): readonly string[] =>
  entries(log).flatMap((entry) => /^.*?LOG: {2}(?:statement|execute [^:]*): (.*)$/s.exec(entry)?.[1] ?? [])

describe.skipIf('missing' in shared)('a server that logs every statement', () => {
  let folder: string
  let server: PostgresServer
  let runs = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
    server = await PostgresServer.start({
      durable: false,
      settings: { log_statement: 'all', log_min_error_statement: 'debug5', log_parameter_max_length_on_error: '-1' },
    })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  /** What was logged meanwhile. */
  const logged = async (run: () => Promise<void>): Promise<string> => {
    const before = (await readFile(server.address.logFile, 'utf8')).length
    await run()
    return (await readFile(server.address.logFile, 'utf8')).slice(before)
  }

  const pipelineOf = (datasetName: string, options: PostgresOptions = {}, pipelineName = 'shop') => {
    runs += 1
    const { url } = databaseAt(server.address, 'postgres')
    return dlt.pipeline({
      pipelineName,
      destination: postgres({ credentials: url, ...options }),
      datasetName,
      workingDir: join(folder, String(runs)),
    })
  }

  const dispositions = {
    append: 'append',
    'delete-insert': { disposition: 'merge', strategy: 'delete-insert' },
    upsert: { disposition: 'merge', strategy: 'upsert' },
    'insert-only': { disposition: 'merge', strategy: 'insert-only' },
    cdc: { disposition: 'merge', strategy: 'cdc' },
    scd2: { disposition: 'merge', strategy: 'scd2', validityColumnNames: [`${at(2)} from`, `${at(1)} to`] },
    'truncate-and-insert': 'replace',
    'insert-from-staging': 'replace',
    'staging-optimized': 'replace',
  } as const satisfies Record<string, WriteDispositionHint>
  const strategies = Object.keys(dispositions) as (keyof typeof dispositions)[]

  test.each(strategies)('sees names and values that look like SQL only as such, loaded by %s', async (strategy) => {
    const datasetName = `${strategy} pwned'; DROP SCHEMA public; --"`
    const replaceStrategy =
      strategy === 'insert-from-staging' || strategy === 'staging-optimized' ? strategy : 'truncate-and-insert'
    const isMerge =
      strategy === 'delete-insert' || strategy === 'upsert' || strategy === 'insert-only' || strategy === 'cdc'
    const rows = dlt.resource(
      {
        name: `rows pwned'; --`,
        tableName: at(1),
        writeDisposition: dispositions[strategy],
        ...(isMerge && { primaryKey: ['id', at(3)] }),
        ...(strategy === 'delete-insert' && { mergeKey: at(2), columns: { [at(5)]: { dedup_sort: 'desc' } } }),
        ...(strategy === 'append' && { incremental: { cursorPath: 'cursor' } }),
      },
      () => [itemOf(1), itemOf(2)],
    )
    const log = await logged(async () => {
      const options = { normalizeDatasetName: false, replaceStrategy } as const
      for (const _round of [1, 2]) {
        await using pipeline = pipelineOf(datasetName, options, `shop pwned'; -- ${strategy}`)
        const info = await pipeline.run(rows, { schema: createSchema('shop', { naming: 'duck_case' }) })
        expect(info.hasFailedJobs).toBe(false)
        expect(await pipeline.dataset().table(at(1)).select('id', at(3)).rows()).toContainEqual({
          id: 1,
          [at(3)]: at(4),
        })
      }
    })
    const sent = statements(log).filter((statement) => statement.includes('pwned'))
    expect(sent.length).toBeGreaterThan(20)
    expect(sent.map(bare).filter((text) => /pwned|["']/.test(text))).toEqual([])
    expect(log).not.toMatch(/\b(?:ERROR|FATAL|PANIC):/)
    expect(log).not.toContain(server.address.password)
  })

  test('copies files of merges before it locks their tables', async () => {
    const merged = dlt.resource({ name: 'merged', primaryKey: 'id', writeDisposition: 'merge' }, () => [
      { id: 1, tags: ['a'] },
    ])
    const replaced = dlt.resource({ name: 'replaced', writeDisposition: 'replace' }, () => [{ id: 1 }])
    await using pipeline = pipelineOf('locks', { replaceStrategy: 'insert-from-staging' })
    await pipeline.run([merged, replaced])
    const log = await logged(async () => {
      await pipeline.run([merged, replaced])
    })
    const kinds = statements(log).flatMap((text) => /^(?:COPY "pg_temp"|LOCK TABLE)/.exec(text)?.[0] ?? [])
    expect(kinds).toEqual([...Array(3).fill('COPY "pg_temp"'), ...Array(2).fill('LOCK TABLE')])
  })

  test('and whoever prints what there is learn no password', async () => {
    const { password } = server.address
    await using pipeline = pipelineOf('shown')
    const info = await pipeline.run([{ id: 1 }], { tableName: 'items' })
    const { url } = databaseAt(server.address, 'postgres')
    const destination = postgres({ credentials: url })
    const context = { pipelineName: 'shop', datasetName: 'shown', localDirectory: folder }
    await using client = await destination.connect(context)
    const failure = await pipeline.run([{ id: 'x'.repeat(20) }], { tableName: '\0' }).catch((error: unknown) => error)
    for (const shown of [pipeline, info, destination, client, failure, lazy({ credentials: url })])
      for (const text of [inspect(shown, { depth: 20, showHidden: true }), String(shown), JSON.stringify(shown) ?? ''])
        expect(text).not.toContain(password)
    expect(destination.describe(context)).not.toContain(password)
    expect(process.title).not.toContain(password)
    expect(
      await psql(
        databaseAt(server.address, 'postgres'),
        'SELECT string_agg(application_name, $$$$) FROM pg_stat_activity',
      ),
    ).not.toContain(password)
    expect(await readFile(server.address.logFile, 'utf8')).not.toContain(password)
  })
})
