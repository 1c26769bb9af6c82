import type { ConventionRules } from './convention-rules.ts'

const replacements: Readonly<Record<string, string>> = { '+': 'x', '-': '_', '*': 'x', '@': 'a', '|': 'l' }

function clean(stripped: string): string {
  const broken = stripped
    .replace(/[+\-*@|]/g, (character) => replacements[character] ?? '_')
    .replace(/[^a-zA-Z\p{Nd}_]+/gu, '_')
    .replace(/([^_])([A-Z][a-z]+)/gu, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
  const prefixed = /^\p{Nd}/u.test(broken) ? `_${broken}` : broken
  return prefixed.replace(/_+$/, (trailing) => 'x'.repeat(trailing.length)).replace(/__+/g, '_')
}

/** Lower case words joined by underscores; the default. */
export const snakeCase: ConventionRules = { name: 'snake_case', caseSensitive: false, pathSeparator: '__', clean }

/** `snake_case` for S3 Tables: names of tables have no leading underscore, names have at most 255 characters. */
export const s3Tables: ConventionRules = {
  ...snakeCase,
  name: 's3_tables',
  lengthLimit: 255,
  cleanTable: (normalized) => normalized.replace(/^_+/, ''),
}
