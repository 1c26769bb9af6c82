import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { scenarios } from '../kill/scenario.ts'
import { Shop } from './shop.ts'

const noRight =
  'permission is denied (EACCES). Give this user the right to read and write there, or pass another workingDir, then run again. What was committed before is kept.'
const waits = 'Packages wait in the working directory; the next run finishes them first'
const givesUp = `${waits}, or pipeline.abort('<load id>') gives them up.`
const notLocked =
  'The working directory "<working>" of pipeline "shop" cannot be locked: permission is denied. Check that the folder is there and that this user may read and write in it, or pass another workingDir.'
const notOpened =
  'Pipeline "shop" failed at step "sync": The DuckDB file "<file>" cannot be opened: it may not be read or written. Change its permissions or give another path.'

/** A file or folder, the rights that are left, and what the run is refused with. */
const denied: readonly (readonly [path: string, mode: number, code: string, message: string])[] = [
  ['work', 0o555, 'WORKING_DIRECTORY', notLocked],
  ['work/lock.sqlite', 0o444, 'WORKING_DIRECTORY', notLocked],
  ['work/dlt-typescript.json', 0, 'WORKING_DIRECTORY', `"<working>/dlt-typescript.json" cannot be read: ${noRight}`],
  ['work/state.json', 0, 'WORKING_DIRECTORY', `"<working>/state.json" cannot be read: ${noRight}`],
  [
    'work/packages/extracting',
    0o555,
    'WORKING_DIRECTORY',
    `Pipeline "shop" failed at step "extract": "<working>/packages/extracting/<load id>" cannot be made: ${noRight}`,
  ],
  [
    'work/packages/extracted',
    0o555,
    'WORKING_DIRECTORY',
    `Pipeline "shop" failed at step "extract": "<working>/packages/extracting/<load id>" cannot be renamed: ${noRight}`,
  ],
  [
    'work/packages/normalizing',
    0o555,
    'WORKING_DIRECTORY',
    `Pipeline "shop" failed at step "normalize", load package "<load id>": "<working>/packages/normalizing/<load id>" cannot be made: ${noRight} ${givesUp}`,
  ],
  [
    'work/packages/normalized',
    0o555,
    'WORKING_DIRECTORY',
    `Pipeline "shop" failed at step "normalize", load package "<load id>": "<working>/packages/normalizing/<load id>" cannot be renamed: ${noRight} ${givesUp}`,
  ],
  [
    'work/schemas',
    0o555,
    'WORKING_DIRECTORY',
    `Pipeline "shop" failed at step "normalize", load package "<load id>": "<working>/schemas/shop.schema.json.new" cannot be written: ${noRight} ${givesUp}`,
  ],
  [
    'work/packages/loaded',
    0o555,
    'WORKING_DIRECTORY',
    `Pipeline "shop" failed at step "load", load package "<load id>": "<working>/packages/normalized/<load id>/<load id>" cannot be renamed: ${noRight} ${givesUp}`,
  ],
  ['target.duckdb', 0o444, 'DESTINATION', notOpened],
  ['target.duckdb', 0, 'DESTINATION', notOpened],
  [
    '.',
    0o555,
    'DESTINATION',
    `Pipeline "shop" failed at step "load", load package "<load id>": DuckDB cannot write "<file>.wal": permission is denied. Give this user the right to write in its folder, then run again. ${givesUp}`,
  ],
]

/** The user and group that own nothing. */
const nobody = 65_534

describe.skipIf(process.geteuid === undefined)('without the right', () => {
  beforeAll(async () => {
    // Rights do not hold for root. What is loaded at first use is loaded before: another user may not be able to read it.
    using shop = new Shop()
    await shop.run(1)
  })

  beforeEach(() => {
    if (process.geteuid?.() === 0) process.seteuid?.(nobody)
  })

  afterEach(() => {
    if (process.getuid?.() === 0) process.seteuid?.(0)
  })

  test.for(denied)('to change "%s" (%o), a run is refused and nothing is lost', async ([path, mode, code, message]) => {
    using shop = new Shop()
    await shop.run(1)
    chmodSync(join(shop.folder, path), mode)
    expect(await shop.refusal(() => shop.run(2))).toMatchObject({ code, message })
    chmodSync(join(shop.folder, path), 0o755)
    await shop.expectRecovered()
  })

  test('to make a working directory, a first run is refused', async () => {
    using shop = new Shop(scenarios.first)
    chmodSync(shop.folder, 0o555)
    expect(await shop.refusal(() => shop.run(1))).toEqual({
      code: 'WORKING_DIRECTORY',
      retryable: false,
      message: `"<working>" cannot be made: ${noRight}`,
    })
    chmodSync(shop.folder, 0o755)
    await shop.expectRecovered()
  })

  test('to make a database, a first run is refused', async () => {
    using shop = new Shop(scenarios.first, (folder) => ({ file: join(folder, 'database/target.duckdb') }))
    mkdirSync(join(shop.folder, 'database'), { mode: 0o555 })
    expect(await shop.refusal(() => shop.run(1))).toEqual({ code: 'DESTINATION', retryable: false, message: notOpened })
    chmodSync(join(shop.folder, 'database'), 0o755)
    await shop.expectRecovered()
  })
})
