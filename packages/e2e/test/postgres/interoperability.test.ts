import { env } from 'node:process'
import { databaseAt, declareMissing, type PostgresAddress, psql, sharedPostgres } from '@dlt/test-services'
import { declareShapes } from '../interoperability/declare-shapes.ts'
import { postgresEngine } from '../interoperability/engines/postgres.ts'
import { declareProject } from '../interoperability/project/declare-project.ts'
import { pythonEnvironment } from '../interoperability/python-environment.ts'
import { differingShapes } from '../interoperability/shapes/differing.ts'
import { shapes } from '../interoperability/shapes/shapes.ts'

/** Played in every test run: what depends on the database. All are with INTEROPERABILITY=all. */
const inEveryRun: ReadonlySet<string> = new Set([
  'values',
  'evolving',
  'spellings',
  'limits',
  'cursor-of-time',
  'some-of-a-source',
  'replaced',
  'replaced-through-staging',
  'merged',
  'merged-with-deletions',
  'upsert',
  'cdc',
  'history',
  'history-of-keys',
  'fractions-after-integers',
  'exact-integers',
])

/** Shapes that Python dlt loads by MERGE. This system needs none: `fixtures.test.ts` has the same rows on every version. */
const merging = ['upsert', 'insert-only', 'cdc']

const unplayableOn = async (server: PostgresAddress): Promise<Readonly<Record<string, string>>> => {
  const version = Number(await psql(databaseAt(server, 'postgres'), 'SHOW server_version_num'))
  if (version >= 150_000) return {}
  return Object.fromEntries(
    merging.map((name) => [name, 'Python dlt uses MERGE, which Postgres has from version 15 on']),
  )
}

const isPlayed = ({ name }: { readonly name: string }) => env['INTEROPERABILITY'] === 'all' || inEveryRun.has(name)

const environment = await pythonEnvironment()
const shared = await sharedPostgres()

if ('python' in environment && 'address' in shared) {
  const engine = postgresEngine(shared.address)
  const played = { equal: shapes.filter(isPlayed), differing: differingShapes.filter(isPlayed) }
  const unplayable = await unplayableOn(shared.address)
  declareShapes(engine, environment.python, { ...played, unplayable })
  declareProject(engine, environment.python)
} else {
  declareMissing('Python dlt', 'missing' in environment ? environment.missing : undefined)
  declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
}
