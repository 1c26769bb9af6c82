import { describe, expectTypeOf, it } from 'vitest'
import {
  type CoercionResult,
  type ColumnSchema,
  coerceScalar,
  createSchema,
  createTable,
  type DataType,
  DltError,
  type ErrorCode,
  inferColumn,
  type NameLimit,
  type NamingConvention,
  namingConvention,
  type OrderedJson,
  preferredDataType,
  readJson,
  recordedColumnName,
  type ScalarValue,
  type Schema,
  type SchemaDiff,
  schemaToDocument,
  type TableSchema,
  updateTable,
} from '../src/index.ts'

describe('schemas', () => {
  it('are immutable', () => {
    expectTypeOf<Schema['tables']>().toEqualTypeOf<ReadonlyMap<string, TableSchema>>()
    expectTypeOf<TableSchema['columns']>().toEqualTypeOf<ReadonlyMap<string, ColumnSchema>>()
    const schema = createSchema('x')
    // @ts-expect-error a schema is changed by making a new one
    schema.version = 2
    // @ts-expect-error its tables as well
    schema.tables.set('t', createTable('t'))
  })

  it('are documents', () => {
    expectTypeOf(schemaToDocument).returns.toExtend<Schema>()
    expectTypeOf(schemaToDocument).returns.toExtend<Readonly<Record<string, unknown>>>()
  })

  it('take extensions, and nothing else that is unknown', () => {
    expectTypeOf({ name: 'a', 'x-hint': { deep: [1, 'x', null] } }).toExtend<ColumnSchema>()
    // @ts-expect-error functions are no part of a document
    createTable('t', { extensions: { 'x-hint': () => 1 } })
    // @ts-expect-error the key is misspelled
    createTable('t', { columns: [{ name: 'a', data_typ: 'text' }] })
    // @ts-expect-error the data type does not exist
    createTable('t', { columns: [{ name: 'a', data_type: 'int' }] })
  })

  it('are updated together with a report', () => {
    expectTypeOf(updateTable).returns.toEqualTypeOf<{ readonly schema: Schema; readonly diff: SchemaDiff }>()
    expectTypeOf(updateTable).parameter(2).toEqualTypeOf<{ readonly mergeCompoundProperties?: boolean } | undefined>()
  })
})

describe('columns', () => {
  it('that are inferred are columns, and a preference may be missing', () => {
    expectTypeOf(inferColumn).returns.toEqualTypeOf<ColumnSchema>()
    expectTypeOf(preferredDataType).returns.toEqualTypeOf<DataType | undefined>()
    expectTypeOf(recordedColumnName).returns.toEqualTypeOf<string | undefined>()
  })
})

describe('coercion', () => {
  it('has a value only when it went well', () => {
    const result: CoercionResult = coerceScalar('text', 'bigint', 1n)
    if (result.ok) expectTypeOf(result.value).toEqualTypeOf<ScalarValue>()
    // @ts-expect-error there may be no value
    result.value
  })

  it('takes scalars only', () => {
    // @ts-expect-error null is no value of a column
    coerceScalar('text', 'bigint', null)
    // @ts-expect-error dates are numbers of days
    coerceScalar('text', 'date', new Date())
  })
})

describe('names', () => {
  it('have a limit or none', () => {
    expectTypeOf(namingConvention).returns.toEqualTypeOf<NamingConvention>()
    expectTypeOf<NamingConvention['limit']>().toEqualTypeOf<NameLimit | undefined>()
  })
})

describe('JSON', () => {
  it('keeps integers that numbers cannot hold', () => {
    expectTypeOf(readJson).returns.toEqualTypeOf<OrderedJson>()
    expectTypeOf<bigint>().toExtend<OrderedJson>()
    expectTypeOf<Date>().not.toExtend<OrderedJson>()
  })
})

describe('errors', () => {
  it('have a code of the closed list', () => {
    const error: unknown = new DltError('x', { code: 'SCHEMA' })
    if (DltError.is(error)) expectTypeOf(error.code).toEqualTypeOf<ErrorCode>()
    // @ts-expect-error the code is unknown
    new DltError('x', { code: 'OTHER' })
  })
})
