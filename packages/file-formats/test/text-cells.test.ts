import { readFile } from 'node:fs/promises'
import type { ColumnSchema } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteSink } from '../src/byte-sink.ts'
import { createFileWriter } from '../src/index.ts'
import { writeJsonOnOneLine, writeJsonString } from '../src/text/json-text.ts'
import { scalarText } from '../src/text/scalar-text.ts'
import { type CellValue, tableBatch } from './table-batches.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

const textOf = (column: ColumnSchema, value: CellValue): string => {
  const [vector] = tableBatch('rows', [column], [{ v: value }]).columns
  if (vector === undefined) throw new Error('the batch has one column')
  return scalarText(vector, (bytes) => Buffer.from(bytes).toString('hex'))(0)
}

const written = (write: (sink: ByteSink, bytes: Uint8Array) => void, text: string): string => {
  const sink = new ByteSink(1)
  write(sink, Buffer.from(text))
  return Buffer.from(sink.written).toString()
}

describe('text of single values', () => {
  test('integers keep all digits', () => {
    const anySize = fc.oneof(
      ...[8, 32, 33, 52, 53, 63].map((bits) => fc.bigInt(-(2n ** BigInt(bits)), 2n ** BigInt(bits) - 1n)),
    )
    fc.assert(
      fc.property(anySize, (value) => {
        expect(textOf({ name: 'v', data_type: 'bigint' }, value)).toBe(String(value))
      }),
    )
  })

  test('decimals have as many digits after the point as their scale', () => {
    const decimal = (scale: number, value: bigint): string =>
      textOf({ name: 'v', data_type: 'decimal', precision: 38, scale }, value)
    expect(decimal(0, -12n)).toBe('-12')
    expect(decimal(2, -12n)).toBe('-0.12')
    expect(decimal(2, 1200n)).toBe('12.00')
    expect(decimal(38, 1n)).toBe(`0.${'0'.repeat(37)}1`)
    expect(decimal(38, -(10n ** 38n) + 1n)).toBe(`-0.${'9'.repeat(38)}`)
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.integer({ min: 1, max: 38 }), (value, scale) => {
        const text = decimal(scale, value)
        expect(text.length - text.indexOf('.') - 1).toBe(scale)
        expect(BigInt(text.replace('.', ''))).toBe(value)
      }),
    )
  })

  test('fractions give the number back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(Number(textOf({ name: 'v', data_type: 'double' }, value))).toBe(value)
      }),
    )
  })

  test('dates and times are ISO, from the first to the last year', () => {
    expect(textOf({ name: 'v', data_type: 'date' }, -719_162)).toBe('0001-01-01')
    expect(textOf({ name: 'v', data_type: 'date' }, 2_932_896)).toBe('9999-12-31')
    expect(textOf({ name: 'v', data_type: 'time' }, 0n)).toBe('00:00:00')
    expect(textOf({ name: 'v', data_type: 'timestamp' }, -1n)).toBe('1969-12-31T23:59:59.999999+00:00')
    expect(textOf({ name: 'v', data_type: 'timestamp', timezone: false }, -1n)).toBe('1969-12-31T23:59:59.999999')
  })

  test('JSON strings are what a JSON parser reads back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = written((sink, bytes) => writeJsonString(sink, bytes, 0, bytes.length), text)
        expect(JSON.parse(json)).toBe(text)
        expect(json).not.toMatch(/[\n\r]/)
      }),
    )
  })

  test('JSON on one line is the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const pretty = JSON.stringify(value, undefined, indent).replaceAll('\n', '\r\n')
        const line = written((sink, bytes) => writeJsonOnOneLine(sink, bytes, 0, bytes.length), pretty)
        expect(line).not.toMatch(/[\n\r]/)
        expect(JSON.parse(line)).toEqual(JSON.parse(pretty))
      }),
    )
  })
})

describe('files of INSERT values', () => {
  const at = useTemporaryFolder()
  const column: ColumnSchema = { name: 'v', data_type: 'text' }
  const styles = [
    { text: 'escape-string', binary: 'from-base64', characterFunction: 'chr', nul: 'keep' },
    { text: 'standard', binary: 'hex-escape', characterFunction: 'chr', nul: 'drop' },
  ] as const

  test.each(styles)('have one line a row in style $text', async (literals) => {
    let files = 0
    const texts = fc.array(fc.string({ unit: fc.constantFrom('\n', '\r', "'", '\\', 'n', '\0', '(', ';') }), {
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        files += 1
        const path = at(`file ${files}`)
        const writer = createFileWriter('insert_values', { path, tableName: 'rows', literals })
        await writer.write(
          tableBatch(
            'rows',
            [column],
            values.map((v) => ({ v })),
          ),
        )
        await writer.close()
        const lines = (await readFile(path, 'utf8')).split('\n')
        expect(lines.slice(0, 2)).toEqual(['INSERT INTO {}("v")', 'VALUES'])
        expect(lines.at(-1)).toBe('')
        const rows = lines.slice(2, -1)
        expect(rows.length).toBe(values.length)
        expect(
          rows.every((row, index) => row.startsWith('(') && row.endsWith(index < rows.length - 1 ? '),' : ');')),
        ).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})
