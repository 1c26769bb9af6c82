import { describe, expectTypeOf, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { WriteDispositionHint } from '../../src/dispositions/write-disposition.ts'
import type { RunOptions } from '../../src/pipeline/run-options.ts'

/** Takes what is a write disposition. */
declare function take(hint: WriteDispositionHint): void

describe('a write disposition', () => {
  it('is a name, or an object with one', () => {
    take('merge')
    take({ disposition: 'replace' })
    take({ disposition: 'merge' })
    // @ts-expect-error: there is no such disposition
    take('upsert')
    // @ts-expect-error: neither here
    take({ disposition: 'upsert' })
    // @ts-expect-error: the object says the disposition
    take({ strategy: 'upsert' })
    // @ts-expect-error: how a destination replaces is said in its configuration
    take({ disposition: 'replace', strategy: 'insert-from-staging' })
  })

  it('has the options of its strategy, and no others', () => {
    take({
      disposition: 'merge',
      strategy: 'delete-insert',
      deduplicated: true,
      sourceFilter: 'a',
      destinationScope: 'b',
    })
    take({ disposition: 'merge', deduplicated: true })
    take({
      disposition: 'merge',
      strategy: 'upsert',
      skipUnchangedRows: true,
      rowVersionColumnName: 'v',
      sourceFilter: 'a',
    })
    take({ disposition: 'merge', strategy: 'cdc', skipUnchangedRows: true, destinationScope: 'b' })
    take({ disposition: 'merge', strategy: 'insert-only' })
    take({
      disposition: 'merge',
      strategy: 'scd2',
      validityColumnNames: ['from', 'to'],
      activeRecordTimestamp: null,
      boundaryTimestamp: new Date(),
      rowVersionColumnName: 'v',
      destinationScope: 'b',
    })
    // @ts-expect-error: an upsert has no duplicates
    take({ disposition: 'merge', strategy: 'upsert', deduplicated: true })
    // @ts-expect-error: nor does it delete
    take({ disposition: 'merge', strategy: 'upsert', destinationScope: 'b' })
    // @ts-expect-error: rows that are known are left out anyway
    take({ disposition: 'merge', strategy: 'insert-only', skipUnchangedRows: true })
    // @ts-expect-error: a history has no options of upserts
    take({ disposition: 'merge', strategy: 'scd2', skipUnchangedRows: true })
    // @ts-expect-error: no other strategy knows validity
    take({ disposition: 'merge', strategy: 'cdc', validityColumnNames: ['from', 'to'] })
    // @ts-expect-error: without a strategy it is no history
    take({ disposition: 'merge', validityColumnNames: ['from', 'to'] })
    // @ts-expect-error: a version is valid from and to
    take({ disposition: 'merge', strategy: 'scd2', validityColumnNames: ['from'] })
    // @ts-expect-error: there is no such strategy
    take({ disposition: 'merge', strategy: 'insert' })
  })

  it('may be a function of the item', () => {
    resource(
      {
        name: 'events',
        writeDisposition: (event) => {
          expectTypeOf(event.final).toEqualTypeOf<boolean>()
          return event.final ? 'append' : { disposition: 'merge', strategy: 'upsert' }
        },
      },
      [{ final: true }],
    )
    const options: RunOptions = { writeDisposition: { disposition: 'merge', strategy: 'scd2' }, mergeKey: 'day' }
    expectTypeOf(options).toEqualTypeOf<RunOptions>()
  })
})
