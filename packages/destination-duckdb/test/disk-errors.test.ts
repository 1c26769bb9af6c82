import { describe, expect, test } from 'vitest'
import { diskErrorOf } from '../src/disk-errors.ts'
import { classify, messageOf, toDestinationError, toOpenError } from '../src/errors.ts'

const full = 'the disk is full. Free some space on it, then run again'
const denied = 'permission is denied. Give this user the right to write in its folder, then run again'

/** As DuckDB 1.5 and 2.0 wrote them. */
const messages: readonly (readonly [message: string, path: string, remedy: string])[] = [
  [
    'TransactionContext Error: Failed to commit: Could not write file "/data/shop.duckdb.wal": No space left on device',
    '/data/shop.duckdb.wal',
    full,
  ],
  ['IO Error: Could not write file "/data/shop.duckdb": No space left on device', '/data/shop.duckdb', full],
  [
    'TransactionContext Error: Failed to commit: Checkpoint failed for database "it"s". The database has been invalidated. Original error: Could not write file "/data/shop.duckdb": No space left on device',
    '/data/shop.duckdb',
    full,
  ],
  [
    'IO Error: Database "shop" has been invalidated because checkpointing failed. Detach and reattach it before using it again. Original error: Could not write file "/data/shop.duckdb": No space left on device',
    '/data/shop.duckdb',
    full,
  ],
  [
    'FATAL Error: Failed to create checkpoint because of error: IO Error: Could not write file "/data/shop.duckdb": No space left on device',
    '/data/shop.duckdb',
    full,
  ],
  ['IO Error: Could not write file "/data/shop.duckdb": Disk quota exceeded', '/data/shop.duckdb', full],
  [
    'TransactionContext Error: Failed to commit: Cannot open file "/data/shop.duckdb.wal": Permission denied',
    '/data/shop.duckdb.wal',
    denied,
  ],
]

describe('a disk that does not take a change', () => {
  test.each(messages)('%s', (message, path, remedy) => {
    const error = new Error(message)
    expect(diskErrorOf(messageOf(error))).toEqual({ path, remedy })
    expect(classify(error)).toEqual({ kind: 'transient', conflict: false })
    expect(toDestinationError(error)).toMatchObject({
      message: `DuckDB cannot write "${path}": ${remedy}.`,
      retryable: true,
      context: { destination: 'duckdb', file: path },
    })
    expect(toOpenError(error, '/data/shop.duckdb').message).toBe(
      `The DuckDB file "/data/shop.duckdb" cannot be opened: ${remedy}.`,
    )
  })
})

test.each([
  'IO Error: Cannot open file "/data/rows.parquet": Permission denied',
  'IO Error: No files found that match the pattern "/data/rows.parquet"',
  'TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violation: duplicate key "Could not write file "x": No space left on device"',
  'Conversion Error: Could not convert string \'Could not write file "x": No space left on device\' to INT32',
  'TransactionContext Error: Failed to commit: Checkpoint failed for database "shop". The database has been invalidated. Original error: Could not read from file "/data/shop.duckdb": Input/output error',
])('no disk, or no value that looks like one, is taken for that: %s', (message) => {
  expect(diskErrorOf(messageOf(new Error(message)))).toBeUndefined()
})

test('a checkpoint that fails for another reason says which, and the load can be tried again', () => {
  const message =
    'TransactionContext Error: Failed to commit: Checkpoint failed for database "shop". The database has been invalidated. Original error: Could not read from file "/data/shop.duckdb": Input/output error'
  expect(toDestinationError(new Error(message))).toMatchObject({
    message: 'DuckDB: IO Error: Could not read from file "/data/shop.duckdb": Input/output error',
    retryable: true,
  })
})
