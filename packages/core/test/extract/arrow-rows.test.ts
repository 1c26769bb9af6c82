import { decodePage } from '@dlt/normalize-json'
import { createSchema } from '@dlt/schema'
import {
  Data,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  Int32,
  Int64,
  List,
  Map_,
  Struct,
  Table,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { extractSource } from '../../src/extract/extract-source.ts'
import { sampleSource } from './sample-source.ts'
import { TemporaryPackage } from './temporary-package.ts'

let folder: TemporaryPackage

beforeEach(async () => {
  folder = await TemporaryPackage.create()
})

afterEach(async () => {
  await folder[Symbol.asyncDispose]()
})

/** Kind and stored values of each path, over all tables of the first page. */
async function extracted(data: object): Promise<Record<string, readonly [string, readonly unknown[]]>> {
  const schema = createSchema('test')
  await extractSource(sampleSource(schema, [resource({ name: 'items' }, data)]), folder.writer, {})
  const [file] = folder.files
  if (file === undefined) throw new Error('no file')
  const { summary, tables } = decodePage(folder.bytes(file))
  const found: Record<string, readonly [string, readonly unknown[]]> = {}
  summary.tables.forEach(({ path, columns }, table) => {
    columns.forEach((column, index) => {
      const values = tables[table]?.columns[index]?.values
      const key = [...path, ...column.path].join('.')
      if (values === undefined) found[key] ??= ['null', []]
      else if (ArrayBuffer.isView(values)) found[key] = [column.kind, Array.from<unknown>(values)]
      else {
        const texts = Array.from({ length: column.count }, (_, row) =>
          Buffer.from(values.bytes.subarray(values.offsets[row], values.offsets[row + 1])).toString(),
        )
        found[key] = [column.kind, texts]
      }
    })
  })
  return found
}

const micros = 1_700_000_000_123_457n
const digits = 12_345_678_901_234_567_890_123_456_789n

/** A vector whose values are given as they are stored. */
function stored<Type extends DataType>(type: Type, data: Type['TArray'], length: number): Vector<Type> {
  return new Vector([new Data(type, 0, length, 0, [undefined, data])])
}

function decimals(scale: number, values: readonly bigint[]): Vector {
  const limbs = values.flatMap((value) =>
    [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, value >> shift))),
  )
  return stored(new Decimal(scale, 38, 128), Uint32Array.from(limbs), values.length)
}

describe('rows of Arrow tables', () => {
  it('have decimals with all digits', async () => {
    const table = new Table({ a: decimals(9, [digits, -5n, 0n]), b: decimals(0, [-digits, 1n, 2n]) })
    expect(await extracted(table)).toEqual({
      a: ['decimal', ['12345678901234567890.123456789', '-0.000000005', '0.000000000']],
      b: ['decimal', [String(-digits), '1', '2']],
    })
  })

  it('have timestamps with microseconds, in every unit, exact', async () => {
    const far = 253_402_300_799_999_999n
    const table = new Table({
      s: stored(new TimestampSecond(), BigInt64Array.from([micros / 1_000_000n, -1n]), 2),
      ms: stored(new TimestampMillisecond('UTC'), BigInt64Array.from([micros / 1000n, -1n]), 2),
      us: stored(new TimestampMicrosecond('UTC'), BigInt64Array.from([micros, far]), 2),
      ns: stored(new TimestampNanosecond(), BigInt64Array.from([micros * 1000n + 999n, -1n]), 2),
    })
    expect(await extracted(table)).toEqual({
      s: ['timestamp', [1_700_000_000_000_000n, -1_000_000n]],
      ms: ['timestamp', [1_700_000_000_123_000n, -1000n]],
      us: ['timestamp', [micros, far]],
      ns: ['timestamp', [micros, -1n]],
    })
  })

  it('have dates and times', async () => {
    const table = new Table({
      day: stored(new DateDay(), Int32Array.from([19_724, -1]), 2),
      millisecond: stored(new DateMillisecond(), BigInt64Array.from([86_400_000n, -1n]), 2),
      s: stored(new TimeSecond(), Int32Array.from([1, 2]), 2),
      ms: stored(new TimeMillisecond(), Int32Array.from([1, 2]), 2),
      us: stored(new TimeMicrosecond(), BigInt64Array.from([1n, 86_399_999_999n]), 2),
      ns: stored(new TimeNanosecond(), BigInt64Array.from([1999n, 2000n]), 2),
    })
    expect(await extracted(table)).toEqual({
      day: ['date', [19_724, -1]],
      millisecond: ['date', [1, -1]],
      s: ['time', [1_000_000n, 2_000_000n]],
      ms: ['time', [1000n, 2000n]],
      us: ['time', [1n, 86_399_999_999n]],
      ns: ['time', [1n, 2n]],
    })
  })

  it('have nulls, texts, integers and dictionaries as Arrow gives them', async () => {
    const table = new Table({
      n: vectorFromArray([1n, null, 3n], new Int64()),
      t: vectorFromArray(['x', 'y', null], new Dictionary(new Utf8(), new Int32())),
      d: vectorFromArray([new Date(0), null, new Date(86_400_000)], new DateDay()),
    })
    expect(await extracted(table)).toEqual({
      n: ['bigint', [1n, 3n]],
      t: ['text', ['x', 'y']],
      d: ['date', [0, 1]],
    })
  })

  it('have such values in lists, structs and maps too', async () => {
    const seen = new Field('seen', new DateDay(), true)
    const struct = new Struct<{ seen: DateDay }>([seen])
    const entries = new Struct<{ key: Utf8; value: DateDay }>([
      new Field('key', new Utf8()),
      new Field('value', new DateDay(), true),
    ])
    const dates = [new Date(0), new Date(86_400_000)]
    const table = new Table({
      list: vectorFromArray([dates, [], dates], new List(seen)),
      struct: vectorFromArray([{ seen: dates[1] }, { seen: dates[0] }, { seen: null }], struct),
      structs: vectorFromArray([[{ seen: dates[1] }], [{ seen: null }], []], new List(new Field('item', struct, true))),
      map: vectorFromArray([{ a: dates[0] }, { a: dates[1], b: null }, {}], new Map_(new Field('entries', entries))),
    })
    expect(await extracted(table)).toEqual({
      'list.value': ['date', [0, 1, 0, 1]],
      'struct.seen': ['date', [1, 0]],
      'structs.seen': ['date', [1]],
      'map.a': ['date', [0, 1]],
      'map.b': ['null', []],
    })
  })

  it('are converted wherever they stand', async () => {
    const [row] = new Table({ day: stored(new DateDay(), Int32Array.from([5]), 1) })
    expect(await extracted([{ id: 1, row, rows: [row] }])).toMatchObject({
      'row.day': ['date', [5]],
      'rows.day': ['date', [5]],
    })
  })
})
