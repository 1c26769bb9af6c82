import { Decimal } from 'decimal.js'
import type { Random } from './random-documents.ts'

/**
 * A document as JSON in unusual forms: blanks, escapes that are not needed, equal keys, long integers.
 * Points in time are numbers: as texts they would decide columns that refuse other texts.
 */
export function jsonOf(value: unknown, random: Random): string {
  const blank = random() < 0.05 ? pickBlank(random) : ''
  return `${blank}${contentOf(value, random)}${blank}`
}

function contentOf(value: unknown, random: Random): string {
  if (typeof value === 'string') return textOf(value, random)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numberOf(value, random)
  if (value instanceof Date) return JSON.stringify(value.getTime())
  if (value instanceof Map) return objectOf([...value], random)
  if (value instanceof Set) return listOf([...value], random)
  if (Array.isArray(value)) return listOf(value, random)
  if (value instanceof Decimal || value instanceof BigInt) return textOf(String(value), random)
  if (isRecord(value)) return objectOf(Object.entries(value), random)
  return JSON.stringify(value) ?? 'null'
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function listOf(items: readonly unknown[], random: Random): string {
  return `[${items.map((item) => jsonOf(item, random)).join(',')}]`
}

function objectOf(members: readonly (readonly [unknown, unknown])[], random: Random): string {
  const twice = random() < 0.02 ? [...members, ...members.slice(0, 1)] : members
  const texts = twice.map(([key, value]) => `${textOf(String(key), random)}:${jsonOf(value, random)}`)
  return `{${texts.join(', ')}}`
}

function numberOf(value: number, random: Random): string {
  if (!Number.isFinite(value)) return random() < 0.5 ? 'null' : '1e999'
  if (Object.is(value, -0)) return '-0'
  return random() < 0.1 ? value.toExponential() : String(value)
}

function textOf(text: string, random: Random): string {
  const json = JSON.stringify(text)
  const first = text.charCodeAt(0)
  // Letters and digits stand for themselves in JSON: one character is one character.
  if (random() > 0.05 || !/^[a-z0-9]/i.test(text)) return json
  return `"\\u${first.toString(16).padStart(4, '0')}${json.slice(2)}`
}

function pickBlank(random: Random): string {
  return random() < 0.5 ? ' ' : '\t  '
}
