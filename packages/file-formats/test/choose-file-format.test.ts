import type { DestinationCapabilities, LoadCapabilities } from '@dlt/destination'
import { sampleCapabilities } from '@dlt/destination/testing'
import { describe, expect, test } from 'vitest'
import { chooseFileFormat } from '../src/index.ts'

const capabilities = (load: Partial<LoadCapabilities> = {}): DestinationCapabilities => ({
  ...sampleCapabilities,
  load: {
    ...sampleCapabilities.load,
    fileFormats: ['parquet', 'jsonl', 'insert_values'],
    smallPackageFormat: 'insert_values',
    ...load,
  },
})

describe('chooseFileFormat', () => {
  test('takes the format for small packages up to the limit', () => {
    expect(chooseFileFormat(capabilities(), { rowCount: 10_000, columnTypes: ['text'] })).toEqual({
      format: 'insert_values',
      reason: 'Files are written as "insert_values": the package has 10000 rows, at most 10000 count as small.',
    })
  })

  test('takes the best format above it', () => {
    expect(chooseFileFormat(capabilities(), { rowCount: 10_001, columnTypes: ['text'] })).toEqual({
      format: 'parquet',
      reason: 'Files are written as "parquet": the best of the formats that the destination reads.',
    })
  })

  test('warns where only INSERT is left', () => {
    const choice = chooseFileFormat(capabilities({ fileFormats: ['insert_values'] }), {
      rowCount: 20_000,
      columnTypes: [],
    })
    expect(choice.reason).toBe(
      'Files are written as "insert_values": the destination reads no faster format, so loading many rows will take long.',
    )
  })

  test('takes the next format where one cannot bring a type, and says so', () => {
    const without = capabilities({ unsupportedTypes: { parquet: ['json', 'time'], insert_values: ['json'] } })
    expect(chooseFileFormat(without, { rowCount: 20_000, columnTypes: ['text', 'json'] })).toEqual({
      format: 'jsonl',
      reason:
        'Files are written as "jsonl": the best of the formats that the destination reads. "parquet" cannot bring columns of type "json".',
    })
    expect(chooseFileFormat(without, { rowCount: 20_000, columnTypes: ['text'] }).format).toBe('parquet')
    expect(chooseFileFormat(without, { rowCount: 5, columnTypes: ['json'] })).toEqual({
      format: 'jsonl',
      reason:
        'Files are written as "jsonl": the best of the formats that the destination reads. ' +
        '"insert_values" cannot bring columns of type "json". "parquet" cannot bring columns of type "json".',
    })
  })

  test('takes what was asked for, whatever the size', () => {
    expect(chooseFileFormat(capabilities(), { rowCount: 1, columnTypes: [], requested: 'jsonl' })).toEqual({
      format: 'jsonl',
      reason: 'Files are written as "jsonl": it was asked for.',
    })
  })

  test('refuses a format that the destination does not read', () => {
    expect(() => chooseFileFormat(capabilities(), { rowCount: 1, columnTypes: [], requested: 'csv' })).toThrow(
      'File format "csv" was asked for, but the destination reads only "parquet", "jsonl", "insert_values". Ask for one of those, or for none.',
    )
  })

  test('refuses a requested format that cannot bring a type', () => {
    const without = capabilities({ unsupportedTypes: { parquet: ['json'] } })
    const request = { rowCount: 1, columnTypes: ['json'], requested: 'parquet' } as const
    expect(() => chooseFileFormat(without, request)).toThrow(
      'File format "parquet" was asked for, but it cannot bring columns of type "json" to the destination. ' +
        'Ask for another of "parquet", "jsonl", "insert_values", or for none.',
    )
  })

  test('says when no format is left', () => {
    const none = capabilities({ fileFormats: ['parquet'], unsupportedTypes: { parquet: ['wei'] } })
    expect(() => chooseFileFormat(none, { rowCount: 20_000, columnTypes: ['wei'] })).toThrow(
      'None of the formats that the destination reads ("parquet") can bring a table with columns of type "wei". ' +
        'Change the type of the columns that stand in the way.',
    )
  })
})
