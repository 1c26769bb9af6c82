import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandResult, runCommand } from './consumer/consumer-project.ts'

const workspace = join(import.meta.dirname, '../../..')
// Inside of a package that depends on what the script imports, so that Node finds it.
const scratch = join(workspace, 'packages/e2e/.work')

/** The planted secret. */
const canary = 'canary0secret0value'

const config = `
# which pipeline, and where its data goes
pipeline_name = "shop"
pipelines_dir = "pipelines"

[pipelines.shop]
destination_type = "depot"
dataset_name = "sales"

[runtime]
log_level = "DEBUG"

[destination.depot]
destination_type = "duckdb"
credentials = "depot.duckdb"

[destination.depot.local_config]
threads = 1

[sources.orders]
page_size = 2
`

const script = `
import dlt from '@dlt/core'
import * as v from 'valibot'

const orders = dlt.source(
  { name: 'orders', config: v.object({ token: dlt.secret(v.string()), pageSize: v.number() }) },
  ({ token, pageSize }) => [
    dlt.resource({ name: 'items' }, function* () {
      for (let id = 1; id <= pageSize; id++) yield { id, letters: token.length }
    }),
  ],
)
const info = await dlt.pipeline().run(orders())
console.log(String(info))
console.log(JSON.stringify(info))
console.log(orders(), dlt.pipeline(), await dlt.config.get('sources.orders.page_size'))
`

let folder: string

beforeEach(async () => {
  await mkdir(scratch, { recursive: true })
  folder = await mkdtemp(join(scratch, 'configured-'))
  await mkdir(join(folder, '.dlt'))
  await writeFile(join(folder, 'orders.ts'), script)
  await writeFile(join(folder, '.dlt/config.toml'), config)
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const run = (environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
  runCommand(folder, process.execPath, ['--conditions=@dlt/source', 'orders.ts'], environment)

const secrets = (text: string): Promise<void> => writeFile(join(folder, '.dlt/secrets.toml'), text)

async function rows(): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(join(folder, 'depot.duckdb'))
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(
      'SELECT id::INTEGER AS id, letters::INTEGER AS letters FROM sales.items ORDER BY id',
    )
    return reader.getRowObjects()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Everything that the script left: what it printed, and all files but the one with the secrets. */
function traces({ stdout, stderr }: CommandResult): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== join('.dlt', 'secrets.toml') && statSync(join(folder, name)).isFile())
    .map((name) => `${name}\n${readFileSync(join(folder, name), 'latin1')}`)
  return [stdout, stderr, ...files].join('\n')
}

describe('a script without any settings', () => {
  test('takes all of them from the files of its project, and leaves no secret anywhere', async () => {
    await secrets(`[sources.orders]\ntoken = "${canary}"\n`)
    const result = await run()
    expect(result.stderr).not.toContain('ERROR')
    expect(result.code).toBe(0)
    expect(result.stdout).toContain('depot.duckdb')
    expect(readdirSync(join(folder, 'pipelines'))).toEqual(['shop'])
    expect(await rows()).toEqual([
      { id: 1, letters: canary.length },
      { id: 2, letters: canary.length },
    ])
    expect(traces(result)).not.toContain(canary)
  })

  test('takes those of the environment first', async () => {
    await secrets('[sources.orders]\ntoken = "x"\n')
    const result = await run({ SOURCES__ORDERS__TOKEN: canary, SHOP__SOURCES__PAGE_SIZE: '1' })
    expect(result.code).toBe(0)
    expect(await rows()).toEqual([{ id: 1, letters: canary.length }])
    expect(traces(result)).not.toContain(canary)
  })

  test('without its secret says where it was looked for, and extracts nothing', async () => {
    const result = await run({ TOKENS: canary })
    expect(result.code).not.toBe(0)
    expect(result.stderr).toContain('Configuration values are missing for the source "orders": "token" (secret).')
    expect(result.stderr).toContain(
      '  environment: SHOP__SOURCES__ORDERS__ORDERS__TOKEN, SHOP__SOURCES__ORDERS__TOKEN, SHOP__SOURCES__TOKEN, SHOP__TOKEN, SOURCES__ORDERS__ORDERS__TOKEN, SOURCES__ORDERS__TOKEN, SOURCES__TOKEN, TOKEN\n',
    )
    expect(result.stderr).toContain(`  ${join(folder, '.dlt/secrets.toml')} (does not exist)\n`)
    expect(result.stderr).toContain(
      `To give what is missing, add to ${join(folder, '.dlt/secrets.toml')}:\n  [sources.orders]\n  token = "..."\n`,
    )
    expect(traces(result)).not.toContain(canary)
  })

  test.each([
    {
      name: 'a malformed file',
      text: `[sources.orders]\ntoken = ${canary}\n`,
      message: 'is not valid TOML: line 2, column 9.',
    },
    {
      name: 'a value of another type',
      text: `[sources.orders]\ntoken = "x"\npage_size = "${canary}"\n`,
      message: 'is not a number.',
    },
  ])('with $name fails without showing it', async ({ text, message }) => {
    await secrets(text)
    const result = await run()
    expect(result.code).not.toBe(0)
    expect(result.stderr).toContain(message)
    expect(traces(result)).not.toContain(canary)
  })
})
