import { DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { checkWriteDisposition } from '../../src/dispositions/check-write-disposition.ts'
import type { WriteDispositionHint } from '../../src/dispositions/write-disposition.ts'

/** The message for what types would not let pass. */
function refusal(hint: unknown): string | undefined {
  try {
    checkWriteDisposition(hint as WriteDispositionHint, 'Resource "r"')
  } catch (error) {
    if (DltError.is(error) && error.code === 'CONFIGURATION') return error.message
    throw error
  }
  return undefined
}

const merge = (options: object): object => ({ disposition: 'merge', ...options })
const history = (options: object): object => merge({ strategy: 'scd2', ...options })

describe('a write disposition is checked', () => {
  test.each([
    undefined,
    'append',
    { disposition: 'skip' },
    merge({}),
    merge({
      deduplicated: true,
      skipUnchangedRows: true,
      destinationScope: '{table}.day IN (SELECT day FROM {staging_table})',
    }),
    merge({ strategy: 'delete-insert', sourceFilter: "name <> '{{x}}'" }),
    history({ boundaryTimestamp: null, activeRecordTimestamp: '9999-12-31' }),
    history({ boundaryTimestamp: '2024-01-01T00:00:00+02:00', activeRecordTimestamp: new Date(0) }),
    history({ boundaryTimestamp: new Date(1) }),
  ])('%j is one', (hint) => {
    expect(refusal(hint)).toBeUndefined()
  })

  const names =
    "writeDisposition must be 'append', 'replace', 'merge', 'skip', or an object with one of them as disposition."
  test.each([
    ['upsert', names],
    [null, names],
    [{}, names],
    [{ disposition: 'insert' }, names],
    [
      { disposition: 'replace', strategy: 'insert-from-staging' },
      'the write disposition "replace" has no option "strategy". It knows disposition.',
    ],
    [
      merge({ row_version_column_name: 'v' }),
      'the write disposition "merge" has no option "row_version_column_name". Write "rowVersionColumnName".',
    ],
    [
      merge({ strategy: 'upsert', skipUnchanged: true, deduplicatd: true }),
      'the write disposition "merge" has no option "skipUnchanged". Write "skipUnchangedRows".',
    ],
    [
      merge({ strategy: 'upsert', deduplicatd: true }),
      'the write disposition "merge" has no option "deduplicatd". It knows disposition, strategy, sourceFilter, skipUnchangedRows, rowVersionColumnName.',
    ],
    [
      merge({ strategy: 'insert', deduplicatd: true }),
      'the write disposition "merge" has no option "deduplicatd". Write "deduplicated".',
    ],
    [merge({ strategy: 'insert' }), 'strategy must be one of "delete-insert", "upsert", "insert-only", "scd2", "cdc".'],
    [
      merge({ strategy: 'upsert', destinationScope: 'a' }),
      'the merge strategy "upsert" does not know the option "destinationScope", which belongs to "delete-insert", "scd2", "cdc". Remove the option, or use such a strategy.',
    ],
    [merge({ deduplicated: 1 }), 'deduplicated must be true or false.'],
    [
      history({ validityColumnNames: ['a', 'a'] }),
      'validityColumnNames must be a list of two different names of columns, from and to.',
    ],
    [
      history({ validityColumnNames: 'a' }),
      'validityColumnNames must be a list of two different names of columns, from and to.',
    ],
    [history({ rowVersionColumnName: ' ' }), 'rowVersionColumnName must be the name of a column.'],
    [merge({ sourceFilter: 1 }), 'sourceFilter must be an SQL condition.'],
    [
      merge({ sourceFilter: 'id IN (SELECT id FROM {table})' }),
      'the option "sourceFilter" has "{table}", which stands for nothing. It takes no placeholders. Write a literal brace twice.',
    ],
    [
      merge({ destinationScope: '{target}.day = 1' }),
      'the option "destinationScope" has "{target}", which stands for nothing. It takes the placeholders {table} and {staging_table}. Write a literal brace twice.',
    ],
    [
      merge({ destinationScope: "name = '}'" }),
      'the option "destinationScope" has "}", which stands for nothing. It takes the placeholders {table} and {staging_table}. Write a literal brace twice.',
    ],
    [
      history({ boundaryTimestamp: 'soon' }),
      'boundaryTimestamp must be a date and time, as ISO text or a Date, or null.',
    ],
    [
      history({ activeRecordTimestamp: 5 }),
      'activeRecordTimestamp must be a date and time, as ISO text or a Date, or null.',
    ],
    [
      history({ activeRecordTimestamp: new Date(Number.NaN) }),
      'activeRecordTimestamp must be a date and time, as ISO text or a Date, or null.',
    ],
  ])('%j is none', (hint, message) => {
    expect(refusal(hint)).toMatch(/^Resource "r": /)
    expect(refusal(hint)?.slice('Resource "r": '.length)).toBe(message)
  })
})
