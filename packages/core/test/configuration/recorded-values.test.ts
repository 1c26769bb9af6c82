import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { convertValue, type ValueTarget } from '../../src/configuration/value-target.ts'

interface Recording {
  readonly type: 'text' | 'boolean' | 'integer' | 'number' | 'list' | 'record' | 'date' | 'options'
  readonly text: string
  readonly value?: unknown
  readonly refused?: true
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL('recorded/values.json', import.meta.url), 'utf8'),
)

function targetOf(type: Recording['type']): ValueTarget {
  return type === 'options' ? { type, options: ['a', 'B'] } : { type }
}

/** A value as the recordings write it. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/Z$/, '000Z')
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  return value
}

/** What numbers and dates of JavaScript cannot hold: refused, or cut off where there is nothing finer. */
const beyond: ReadonlySet<string> = new Set([
  'integer 9007199254740993',
  'integer 9223372036854775807',
  'number 9007199254740993',
  'number 9223372036854775807',
  'date 2024-01-31T10:00:00.123456Z',
])

describe('text of the environment becomes what it becomes in the reference system', () => {
  const types = [...new Set(recordings.map(({ type }) => type))]

  test.each(types)('%s', (type) => {
    const of = recordings.filter((recording) => recording.type === type)
    expect(of.length).toBeGreaterThan(60)
    const different = of.flatMap(({ text, value, refused }) => {
      if (beyond.has(`${type} ${text}`)) return []
      const converted = convertValue(text, targetOf(type))
      const here = converted.ok ? plain(converted.value) : undefined
      const there = refused === true ? undefined : value
      return JSON.stringify(here) === JSON.stringify(there) ? [] : [{ text, here, there }]
    })
    expect(different).toEqual([])
  })

  test('where JavaScript can hold it', () => {
    const outcomes = [...beyond].map((name) => {
      const { type, text } = recordings.find((recording) => `${recording.type} ${recording.text}` === name) ?? {
        text: '',
      }
      return type === undefined ? 'not recorded' : convertValue(text, targetOf(type))
    })
    const refused = { ok: false }
    expect(outcomes).toEqual([
      refused,
      refused,
      refused,
      refused,
      { ok: true, value: new Date('2024-01-31T10:00:00.123Z') },
    ])
  })
})
