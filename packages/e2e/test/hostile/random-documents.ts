import { Decimal } from 'decimal.js'

/** Numbers from 0 to 1 that a seed decides. */
export type Random = () => number

/** A generator of random numbers (mulberry32): the same seed gives the same documents everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const knownKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'value',
  'list',
  '_dlt_custom',
  'v__v_text',
  'userName',
  'user_name',
  'a__b',
  '',
  ' ',
  '!!!',
  '0',
  '17',
  '-1',
  'a"; DROP TABLE items; --',
  '../../x',
  'nul\0',
  'İ',
  'ß',
  '日本語',
  '\ud800',
  '\ufeff',
  'select',
  'long'.repeat(50),
]

/** Makes hostile documents of few different keys, so that many documents share columns of changing kinds. */
export function hostileDocuments(random: Random, count: number): readonly object[] {
  const keys = Array.from({ length: 8 }, () => (random() < 0.7 ? pick(random, knownKeys) : randomText(random, 4)))
  return Array.from({ length: count }, () => documentOf(random, keys, 0))
}

function documentOf(random: Random, keys: readonly string[], depth: number): object {
  const entries: [string, unknown][] = []
  const count = Math.floor(random() * (depth === 0 ? 7 : 3))
  for (let at = 0; at < count; at++) {
    // Deeper levels have fewer keys: paths multiply.
    const key = pick(random, depth === 0 ? keys : keys.slice(0, 3))
    entries.push([key, anyValue(random, keys, depth)])
  }
  return random() < 0.02 ? new Map(entries) : Object.fromEntries(entries)
}

function anyValue(random: Random, keys: readonly string[], depth: number): unknown {
  const choice = random()
  if (depth < 3 && choice < 0.08) return documentOf(random, keys, depth + 1)
  if (depth < 3 && choice < 0.16) return listOf(random, keys, depth + 1)
  return choice < 0.5 ? pick(random, edgeValues)() : scalarOf(random)
}

function listOf(random: Random, keys: readonly string[], depth: number): unknown {
  const items = Array.from({ length: Math.floor(random() * 4) }, () => anyValue(random, keys, depth))
  return random() < 0.05 ? new Set(items) : items
}

function scalarOf(random: Random): unknown {
  const choice = random()
  if (choice < 0.2) return Math.floor((random() - 0.5) * 2 ** (random() * 53))
  if (choice < 0.4) return (random() - 0.5) * 10 ** Math.floor(random() * 600 - 300)
  if (choice < 0.8) return randomText(random, 12)
  if (choice < 0.9) return new Date(Math.floor((random() - 0.5) * 1e14))
  return BigInt(Math.floor(random() * 2 ** 50)) ** BigInt(Math.floor(random() * 3))
}

function randomText(random: Random, longest: number): string {
  const planes = [0x80, 0x80, 0x300, 0x3000, 0x10000, 0x110000]
  const codes = Array.from({ length: Math.floor(random() * longest) }, () =>
    Math.floor(random() * pick(random, planes)),
  )
  return codes.map((code) => String.fromCodePoint(code)).join('')
}

function pick<Item>(random: Random, list: readonly Item[]): Item {
  const item = list[Math.floor(random() * list.length)]
  if (item === undefined) throw new Error('Nothing to pick from.')
  return item
}

class Converted {
  toJSON(): unknown {
    return { made: 1 }
  }
}

/**
 * Made anew each time: some of them can be changed. No texts that are points in time: a variant column that one of them decides
 * refuses other texts, here as in Python dlt, and with it the whole package.
 */
const edgeValues: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => true,
  () => '',
  () => '\0',
  () => '\ud800x',
  () => '\uf027',
  () => '2024-13-02T03:04:05Z',
  () => '12',
  () => ' 1e3 ',
  () => 'NaN',
  () => '{"a":1}',
  () => '\\N',
  () => "'; --",
  () => -0,
  () => Number.NaN,
  () => Number.NEGATIVE_INFINITY,
  () => Number.MAX_VALUE,
  () => 5e-324,
  () => 2 ** 53,
  () => -(2 ** 63),
  () => 2 ** 64,
  () => 2n ** 63n - 1n,
  () => -(2n ** 63n),
  () => 2n ** 64n,
  () => 10n ** 37n,
  () => 10n ** 60n,
  () => new Date(Number.NaN),
  () => new Date(8_640_000_000_000_000),
  () => new Date(-62_135_596_800_000),
  () => new Decimal('123456789.123456789'),
  () => new Decimal('-1e-9'),
  () => new Uint8Array(0),
  () => new Uint8Array([0, 255]),
  () => new ArrayBuffer(3),
  () => new Float64Array([1.5, Number.NaN]),
  () => Object(5n),
  () => Object('boxed'),
  () => new URL('https://example.org/'),
  () => Object.create(null, { hidden: { value: 1 } }),
  () => new Converted(),
  () => [],
  () => ({}),
  () => [[], [[]], [null]],
]
