import type { DataType } from '@dlt/schema'
import { expect, it } from 'vitest'
import { type Cell, canonicalText, expectedText } from '../src/canonical-value.ts'
import { column } from '../src/sample-schema.ts'

const same: readonly (readonly [type: DataType, left: string, right: string])[] = [
  ['timestamp', '2024-01-02 03:04:05.1+00', '2024-01-02T03:04:05.100000+00:00'],
  ['timestamp', '2024-01-02 04:04:05+01', '2024-01-02T03:04:05Z'],
  ['timestamp', '0001-01-01 00:00:00', '0001-01-01T00:00:00+00:00'],
  ['time', '03:04:05', '03:04:05.000000'],
  ['time', '03:04:05.12', '03:04:05.120000'],
  ['decimal', '1.500', '1.5'],
  ['decimal', '-0.00', '0'],
  ['decimal', '100', '100.0'],
  ['wei', '007', '7'],
  ['double', '1e22', '10000000000000000000000'],
  ['bool', 't', 'true'],
  ['bool', '0', 'false'],
  ['binary', '00FF', '00ff'],
  ['json', '{"b": 1, "a": [1]}', '{"a":[1],"b":1}'],
]

it.each(same)('%s: "%s" is "%s"', (type, left, right) => {
  expect(canonicalText(column('x', type), left)).toBe(canonicalText(column('x', type), right))
})

const different: readonly (readonly [type: DataType, left: string, right: string])[] = [
  ['timestamp', '2024-01-02 03:04:05.000001+00', '2024-01-02 03:04:05+00'],
  ['timestamp', '2024-01-02 03:04:05+01', '2024-01-02 03:04:05+00'],
  ['time', '03:04:05.000001', '03:04:05'],
  ['time', '10:00:00', '01:00:00'],
  ['decimal', '10', '1'],
  ['decimal', '-1', '1'],
  ['decimal', '0.000000001', '0'],
  ['bigint', '9007199254740993', '9007199254740992'],
  ['text', 'a ', 'a'],
  ['text', '', ' '],
  ['json', '[1,2]', '[2,1]'],
  ['json', '"1"', '1'],
  ['bool', 'true', 'false'],
]

it.each(different)('%s: "%s" is not "%s"', (type, left, right) => {
  expect(canonicalText(column('x', type), left)).not.toBe(canonicalText(column('x', type), right))
})

it.each<readonly [DataType, Cell, string | null]>([
  ['binary', Uint8Array.of(0, 255), '00ff'],
  ['bigint', -9223372036854775808n, '-9223372036854775808'],
  ['bool', false, 'false'],
  ['text', null, null],
])('expects of a %s %s the text %s', (type, cell, text) => {
  expect(expectedText(column('x', type), cell)).toBe(text)
})

it('refuses what is no timestamp', () => {
  expect(() => canonicalText(column('x', 'timestamp'), 'yesterday')).toThrow('"yesterday" is not a timestamp')
})
