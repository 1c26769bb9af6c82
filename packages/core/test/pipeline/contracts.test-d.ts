import { expectTypeOf, test } from 'vitest'
import dlt, { type LoadInfo, type PipelineOptions } from '../../src/index.ts'

test('a contract is one mode, or modes by entity, on a resource, a source and a run', () => {
  dlt.resource({ name: 'orders', schemaContract: 'freeze' }, [{ id: 1 }])
  dlt.resource(
    { name: 'orders', schemaContract: { tables: 'evolve', columns: 'discard_row', data_type: 'discard_value' } },
    [],
  )
  dlt.source({ name: 'shop', schemaContract: { columns: 'freeze' } }, () => [])
  void dlt.pipeline().run([{ id: 1 }], { tableName: 'orders', schemaContract: { data_type: 'freeze' } })
  // @ts-expect-error: a mode that does not exist
  dlt.resource({ name: 'orders', schemaContract: 'frozen' }, [])
  // @ts-expect-error: an entity that does not exist
  dlt.resource({ name: 'orders', schemaContract: { rows: 'freeze' } }, [])
  // @ts-expect-error: entities are spelled as in a schema document
  dlt.resource({ name: 'orders', schemaContract: { dataType: 'freeze' } }, [])
  // @ts-expect-error: a mode of an entity that does not exist
  void dlt.pipeline().run([{ id: 1 }], { tableName: 'orders', schemaContract: { columns: 'discard' } })
})

test('promotion and quarantine are switched on and off', () => {
  dlt.pipeline({ promotion: false, quarantine: true })
  expectTypeOf<PipelineOptions['promotion']>().toEqualTypeOf<boolean | undefined>()
  expectTypeOf<PipelineOptions['quarantine']>().toEqualTypeOf<boolean | undefined>()
  // @ts-expect-error: there are no kinds of promotion
  dlt.pipeline({ promotion: 'double' })
  // @ts-expect-error: promotion is for a pipeline, not for a run
  void dlt.pipeline().run([{ id: 1 }], { tableName: 'orders', promotion: false })
})

test('what was discarded and altered is known with its kind', () => {
  expectTypeOf<LoadInfo['normalized'][number]['rejected'][number]['mode']>().toEqualTypeOf<
    'evolve' | 'freeze' | 'discard_row' | 'discard_value'
  >()
  type Altered = NonNullable<LoadInfo['packages'][number]['schemaChanges'][number]['alteredColumns']>[number]
  expectTypeOf<Altered['change']>().toEqualTypeOf<'type' | 'nullable' | 'rename' | 'drop'>()
  expectTypeOf<Extract<Altered, { change: 'type' }>>().toEqualTypeOf<{
    readonly change: 'type'
    readonly column: string
    readonly from: string
    readonly to: string
  }>()
})
