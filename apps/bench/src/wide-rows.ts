import type { Random } from './random.ts'

const latinWords = [
  'invoice',
  'shipped',
  'harbour',
  'returned',
  'blue',
  'order',
  'customer',
  'north',
  'paper',
  'late',
] as const
const otherWords = ['Größe', 'naïve', 'façade', 'Ελλάδα', 'Москва', '東京', 'データ', '서울', 'العربية', '🚢'] as const
/** One text in so many has words outside of ASCII. */
const textsPerOtherText = 5
const firstRowAt = Date.UTC(2023, 5, 1)

const textColumns = 24
const integerColumns = 12
const fractionColumns = 8
const flagColumns = 6
const timeColumns = 6
const mixedColumns = 4

/**
 * A flat row of 60 columns: a fifth of the texts is not ASCII, timestamps have microseconds, and four columns hold numbers,
 * texts and flags in turn, which become variant columns. The same ordinals and random numbers make the same row.
 */
export function createWideRow(random: Random, ordinal: number): object {
  const row: Record<string, unknown> = {}
  const fill = (prefix: string, count: number, value: (column: number) => unknown): void => {
    for (let column = 0; column < count; column++) row[`${prefix}_${column}`] = value(column)
  }
  fill('text', textColumns, () => phrase(random))
  fill('integer', integerColumns, (column) => random.integer(10 ** ((column % 9) + 1)))
  fill('fraction', fractionColumns, () => Math.round(random.fraction() * 1_000_000) / 1000 + 0.0005)
  fill('flag', flagColumns, () => random.fraction() < 0.5)
  fill('time', timeColumns, (column) => timestamp(random, ordinal + column))
  fill('mixed', mixedColumns, (column) => mixedValue(random, ordinal + column))
  return row
}

function phrase(random: Random): string {
  const words = random.integer(textsPerOtherText) === 0 ? otherWords : latinWords
  return `${random.pick(words)} ${random.pick(words)}`
}

function timestamp(random: Random, ordinal: number): string {
  const seconds = new Date(firstRowAt + ordinal * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(random.integer(1_000_000)).padStart(6, '0')}Z`
}

function mixedValue(random: Random, ordinal: number): unknown {
  if (ordinal % 4 === 0) return random.integer(1000)
  if (ordinal % 4 === 1) return phrase(random)
  return ordinal % 4 === 2 ? random.fraction() < 0.5 : null
}
