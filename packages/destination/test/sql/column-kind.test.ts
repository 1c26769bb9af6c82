import { expect, it } from 'vitest'
import { type ColumnKind, columnKind, type TypeKind } from '../../src/sql/column-kind.ts'

const dialect = {
  integerTypes: new Set(['SMALLINT', 'BIGINT']),
  typeKinds: new Map<string, TypeKind>([
    ['REAL', { kind: 'single' }],
    ['TIMESTAMP WITH TIME ZONE', { kind: 'timestamp', fractionDigits: 6 }],
  ]),
}

it.each<readonly [type: string, kind: ColumnKind]>([
  ['bigint', { kind: 'integer' }],
  ['numeric(10,2)', { kind: 'decimal', precision: 10, scale: 2 }],
  ['real', { kind: 'single' }],
  ['timestamp with time zone', { kind: 'timestamp', fractionDigits: 6 }],
  ['timestamp (3) with time zone', { kind: 'timestamp', fractionDigits: 3 }],
  ['TIMESTAMP(0) WITH TIME ZONE', { kind: 'timestamp', fractionDigits: 0 }],
  ['varchar(20)', { kind: 'other' }],
  ['geometry', { kind: 'other' }],
])('%s is of the kind %o', (type, kind) => {
  expect(columnKind(dialect, type)).toEqual(kind)
})
