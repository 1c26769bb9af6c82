import { concealInErrors } from '@dlt/schema'
import { isPlainRecord } from './plain-record.ts'

/** What stands in a message in place of a secret. */
const mask = '***'

/** A shorter text is no secret worth the name, and part of many words. */
const shortest = 4

/** From here on a text is a secret wherever it stands, also within a word. */
const long = 8

/** So many secrets are remembered, the latest ones: a process may run for long, with tokens that change. */
const most = 1000

const known = new Set<string>()
let patterns: { readonly all: RegExp; readonly long: RegExp } | undefined

/** Remembers every text and number in a value as a secret of this process, which no message shows from now on. */
export function rememberSecret(value: unknown): void {
  if (typeof value === 'string') rememberText(value)
  else if (typeof value === 'number' || typeof value === 'bigint') rememberText(String(value))
  else if (Array.isArray(value)) for (const item of value) rememberSecret(item)
  else if (isPlainRecord(value)) for (const item of Object.values(value)) rememberSecret(item)
}

/** A text with `***` in place of each secret that this process resolved, also as it stands in addresses and in JSON. */
export function withoutSecrets(text: string): string {
  return known.size === 0 ? text : text.replace(knownPatterns().all, mask)
}

/** A record with `***` in place of each secret in its keys and texts, at any depth. Values of other classes stay as they are. */
export function recordWithoutSecrets(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [withoutSecrets(key), valueWithoutSecrets(value)]),
  )
}

function valueWithoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (Array.isArray(value)) return value.map(valueWithoutSecrets)
  return isPlainRecord(value) ? recordWithoutSecrets(value) : value
}

/** Whether a text holds a secret that this process resolved. Secrets of less than eight characters may be plain words: they do not count. */
export function holdsSecret(text: string): boolean {
  // A pattern that says where it begins would remember that in itself.
  return known.size > 0 && text.search(knownPatterns().long) >= 0
}

function rememberText(text: string): void {
  if (text.trim().length < shortest) return
  const isNew = !known.delete(text)
  known.add(text)
  const [oldest] = known
  if (known.size > most && oldest !== undefined) known.delete(oldest)
  if (isNew) patterns = undefined
  concealInErrors(withoutSecrets)
}

function knownPatterns(): { readonly all: RegExp; readonly long: RegExp } {
  patterns ??= {
    all: patternOf([...known]),
    long: patternOf([...known].filter((text) => text.length >= long)),
  }
  return patterns
}

// The longest first: one secret may be the beginning of another.
function patternOf(texts: readonly string[]): RegExp {
  const forms = [...new Set(texts.flatMap(formsOf))].sort((one, other) => other.length - one.length)
  return forms.length === 0 ? /(?!)/g : new RegExp(forms.map(patternOfForm).join('|'), 'g')
}

function formsOf(text: string): readonly string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(Buffer.from(text).toString())]
}

function patternOfForm(form: string): string {
  const literal = form.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  return form.length >= long ? literal : `(?<![A-Za-z0-9_])${literal}(?![A-Za-z0-9_])`
}
