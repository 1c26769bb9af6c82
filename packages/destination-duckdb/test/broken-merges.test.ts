import { conformanceCases } from '@dlt/destination-testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BrokenDestinations, type Defect } from './broken-destination.ts'

let destinations: BrokenDestinations
beforeAll(async () => {
  destinations = await BrokenDestinations.open()
})
afterAll(() => destinations[Symbol.dispose]())

/** Statements on tables of the dataset, and not on temporary ones. */
const nested = /^DELETE FROM "data_\d+"\."\w+__\w+"/
const rootDeletion = /^DELETE FROM "data_\d+"\."items" /

/** The statements that match find no rows; their parameters stay. */
const without = (statement: RegExp): Defect => ({
  sql: (sql) => (statement.test(sql) ? sql.replace(/ WHERE (.*)$/s, ' WHERE FALSE AND ($1)') : sql),
})

const insertUnknown = /^INSERT INTO ("data_\d+"\."items") .* FROM (\S+) AS n WHERE NOT EXISTS/s

/** What is known already is removed first. */
const updates: Defect = {
  sql: (sql) => {
    const [, target, staged] = insertUnknown.exec(sql) ?? []
    return target === undefined ? sql : `DELETE FROM ${target} WHERE "id" IN (SELECT "id" FROM ${staged}); ${sql}`
  },
}

const defects: readonly (readonly [strategy: string, title: string, defect: Defect, failing: readonly string[]])[] = [
  [
    'delete-insert',
    'forgets nested rows',
    without(nested),
    [
      'a child of the root table is found by its parent key where it has no root key',
      'a destination scope says what is deleted, whatever the keys are',
      'a package that fails in the middle changes nothing, and can be loaded again',
      'nested rows go with their root rows, at every depth',
      'rows flagged as deleted delete, and are not inserted',
    ],
  ],
  [
    'upsert',
    'inserts known rows once more',
    without(rootDeletion),
    [
      'a flagged row with an unknown key is a row, without anything nested in it',
      'a primary key of several columns is compared as a whole',
      'a row version alone tells whether a row changed',
      'of several rows with one key one is kept: the one that dedup_sort names',
      'rows flagged as deleted delete, with what is nested in them',
      'rows from before, with ids of another kind, do not leave nested rows behind',
      'rows with known primary keys are changed as a whole, others stay or are added',
      'unchanged rows are left alone where that is wanted, nested ones too',
    ],
  ],
  [
    'cdc',
    'keeps rows that are gone',
    without(/^DELETE FROM "data_\d+"\."items" AS d WHERE NOT/),
    [
      'a primary key of several columns is compared as a whole',
      'only rows with a merge key of the package can be absent',
      'rows that a source filter leaves out are absent',
      'rows that the package does not have are deleted, with what is nested in them',
    ],
  ],
  [
    'scd2',
    'does not retire rows',
    without(/^UPDATE "data_\d+"\."items" SET "\w*valid_to" = /),
    [
      'a column of the user may tell versions apart',
      'a destination scope says which rows can end',
      'boundary and active timestamps may be given',
      'content that returns begins again',
      'merge keys of several columns are not confused',
      'rows that change or vanish end, new ones begin, unchanged ones stay',
      'with a merge key only rows end whose key is in the package',
    ],
  ],
  [
    'insert-only',
    'updates known rows',
    updates,
    [
      'of several rows with one key the one that dedup_sort names is added',
      'rows with unknown keys are added, known ones stay as they are',
    ],
  ],
]

it.each(defects)(
  '%s that %s fails exactly the cases that say so',
  { timeout: 300_000 },
  async (strategy, _title, defect, failing) => {
    const cases = conformanceCases.filter(({ name }) => name.startsWith(`${strategy}: `))
    const expected = failing.map((name) => `${strategy}: ${name}`)
    expect([...(await destinations.failures(defect, cases))].sort()).toEqual(expected.sort())
  },
)
