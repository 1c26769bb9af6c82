import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type PipelineOptions, PipelineStepFailed } from '@dlt/core'
import { createSchema } from '@dlt/schema'
import { createDatabase, databaseAt, declareMissing, psql, sharedPostgres } from '@dlt/test-services'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type PostgresParts, postgres } from '../src/index.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

describe.skipIf(address === undefined)('a pipeline into Postgres', () => {
  if (address === undefined) return
  let folder: string
  let database = databaseAt(address, 'postgres')
  let pipelines = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
    database = await createDatabase(address)
  })
  afterAll(() => rm(folder, { recursive: true }))
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  const pipelineOf = (datasetName: string, destination = postgres(), workingDir?: string) => {
    pipelines += 1
    return dlt.pipeline({
      pipelineName: 'shop',
      destination,
      datasetName,
      workingDir: workingDir ?? join(folder, `pipeline_${pipelines}`),
    })
  }

  /** The parts of the credentials under the names that Python dlt has for them. */
  const configure = (): void => {
    const { host, port, user, password } = database
    const values = { HOST: host, PORT: port, USERNAME: user, PASSWORD: password, DATABASE: database.database }
    for (const [name, value] of Object.entries(values))
      vi.stubEnv(`DESTINATION__POSTGRES__CREDENTIALS__${name}`, String(value))
  }

  test('is configured by the names of the reference', async () => {
    configure()
    vi.stubEnv('DESTINATION__POSTGRES__CREATE_INDEXES', 'false')
    vi.stubEnv('DESTINATION__POSTGRES__CREDENTIALS__QUERY', '{"application_name": "shop loader", "sslmode": "prefer"}')
    const pipeline = pipelineOf('configured')
    const info = await pipeline.run([{ id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] }], { tableName: 'orders' })
    expect(info.hasFailedJobs).toBe(false)
    expect(String(info)).not.toContain(database.password)
    expect(await psql(database, 'SELECT id, _dlt_id IS NOT NULL FROM configured.orders')).toBe('1|t')
    expect(await psql(database, 'SELECT sku FROM configured.orders__lines ORDER BY _dlt_list_idx')).toBe('a\nb')
    expect(await psql(database, "SELECT count(*) FROM pg_indexes WHERE schemaname = 'configured'")).toBe('0')
    await pipeline.close()
  })

  test('takes a connection string and, from another place, the password that it leaves out', async () => {
    const { password, url } = database
    vi.stubEnv('DESTINATION__POSTGRES__CREDENTIALS', url.replace(`:${password}@`, '@'))
    vi.stubEnv('DESTINATION__POSTGRES__CREDENTIALS__PASSWORD', `${password}\n`)
    vi.stubEnv('DESTINATION__POSTGRES__CREDENTIALS__DATABASE', 'nowhere')
    await using pipeline = pipelineOf('separate')
    await pipeline.run([{ id: 1 }], { tableName: 'items' })
    expect(await psql(database, 'SELECT id FROM separate.items')).toBe('1')
  })

  test.each<[string, (parts: PostgresParts) => PipelineOptions]>([
    ['the destination', (credentials) => ({ destination: postgres({ credentials }) })],
    ['the pipeline', (credentials) => ({ destination: postgres, credentials })],
  ])('takes the password from the configuration where code gives %s the other parts', async (_whom, given) => {
    const { host, port, user: username, database: name, password } = database
    vi.stubEnv('DESTINATION__POSTGRES__CREDENTIALS__PASSWORD', password)
    vi.stubEnv('DESTINATION__POSTGRES__CREDENTIALS__DATABASE', 'nowhere')
    pipelines += 1
    const datasetName = `in_code_${pipelines}`
    const options = { pipelineName: 'shop', datasetName, workingDir: join(folder, `pipeline_${pipelines}`) }
    await using pipeline = dlt.pipeline({ ...options, ...given({ host, port, username, database: name }) })
    const info = await pipeline.run([{ id: 1 }], { tableName: 'items' })
    expect(String(info)).not.toContain(password)
    expect(await psql(database, `SELECT id FROM ${datasetName}.items`)).toBe('1')
  })

  test('shortens names of many bytes so that they differ, and finds them again', async () => {
    const schema = createSchema('shop', { naming: 'direct' })
    const long = '顧客の配送先住所に関する非常に長い列名その'
    const item = { [`${long}一`]: 1, [`${long}二`]: 2, [`${long}子`]: [{ [`${long}値`]: 3 }] }
    for (const round of [1, 2]) {
      await using pipeline = pipelineOf('long_names', postgres({ credentials: database.url }))
      await pipeline.run([{ ...item, round }], { tableName: `${long}表`, schema })
    }
    const names = await psql(
      database,
      "SELECT relname FROM pg_class WHERE relnamespace = 'long_names'::regnamespace AND relname LIKE '顧客%' AND relkind = 'r'",
    )
    const tables = names.split('\n')
    expect(tables.map((name) => Buffer.byteLength(name) <= 63)).toEqual([true, true])
    const root = tables.find((name) => name.endsWith('表')) ?? ''
    const child = tables.find((name) => name !== root) ?? ''
    await using reading = pipelineOf('long_names', postgres({ credentials: database.url }))
    const rows = await reading.dataset().table(root).rows()
    expect(rows.map((row) => Object.values(row).filter((value) => typeof value === 'number'))).toEqual([
      [1, 2, 1],
      [1, 2, 2],
    ])
    expect(await psql(database, `SELECT count(*) FROM long_names."${child}"`)).toBe('2')
  })

  test('goes on with its state and its schema where the working directory is gone', async () => {
    const destination = postgres({ credentials: database.url })
    const orders = dlt.resource(
      {
        name: 'orders',
        primaryKey: 'id',
        writeDisposition: 'merge',
        incremental: { cursorPath: 'at' },
      },
      async function* () {
        yield [
          { id: 1, at: 5, note: 'é \\. \n\t' },
          { id: 2, at: 6, note: null },
        ]
      },
    )
    const first = pipelineOf('restored', destination)
    await first.run(orders)
    await first.close()
    const second = pipelineOf('restored', destination)
    await second.run([{ id: 2, at: 7, note: 'changed', price: 1.5 }], {
      tableName: 'orders',
      writeDisposition: 'merge',
      primaryKey: 'id',
    })
    await second.close()
    expect(
      await psql(
        database,
        "SELECT id, at, replace(replace(note, E'\\n', 'LF'), E'\\t', 'TAB'), price FROM restored.orders ORDER BY id",
      ),
    ).toBe('1|5|é \\. LFTAB|\n2|7|changed|1.5')
  })

  test.each([16, 32])('promotes integers of %i bits to fractions', async (precision) => {
    const pipeline = pipelineOf(`promoted_${precision}`, postgres({ credentials: database.url }))
    const items = (price: number) =>
      dlt.resource({ name: 'items', columns: { price: { data_type: 'bigint', precision } } }, () => [{ price }])
    await pipeline.run(items(2))
    const info = await pipeline.run([{ price: 2.5 }], { tableName: 'items' })
    expect(info.hasFailedJobs).toBe(false)
    const schema = `promoted_${precision}`
    expect(await psql(database, `SELECT price, pg_typeof(price) FROM ${schema}.items ORDER BY 1`)).toBe(
      '2|double precision\n2.5|double precision',
    )
    await pipeline.close()
  })

  test('promotes integers to fractions, and reads the dataset back', async () => {
    const pipeline = pipelineOf('promoted', postgres({ credentials: database.url }))
    await pipeline.run([{ id: 1, price: 2 }], { tableName: 'items' })
    await pipeline.run([{ id: 2, price: 2.5 }], { tableName: 'items' })
    const items = pipeline.dataset().table('items')
    expect(await items.select('id', 'price').orderBy('id').rows()).toEqual([
      { id: 1, price: 2 },
      { id: 2, price: 2.5 },
    ])
    await pipeline.close()
  })

  test('fails before anything is extracted where the credentials are wrong, and shows none of them', async () => {
    const url = new URL(database.url)
    url.password = 'secret731'
    const pipeline = pipelineOf('refused', postgres({ credentials: url.href }))
    const error = await pipeline.run([{ id: 1 }], { tableName: 'items' }).catch((thrown: unknown) => thrown)
    if (!(error instanceof PipelineStepFailed)) throw new TypeError(String(error))
    expect(error.message).toContain('the password of the role "dlt" is wrong')
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain('secret731')
  })
})
