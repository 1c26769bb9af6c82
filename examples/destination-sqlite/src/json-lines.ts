import { createReadStream } from 'node:fs'
import type { SQLInputValue } from 'node:sqlite'
import { DestinationError } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import { boundValue, JsonNumber, type LineValue } from './bound-values.ts'

declare global {
  // Node has both since version 21; the libraries of TypeScript do not know them yet.
  interface JSON {
    rawJSON(text: string): unknown
    parse(
      text: string,
      revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
  }
}

const exactNumbers = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' && source !== undefined ? new JsonNumber(source) : value

const isRecord = (value: unknown): value is Readonly<Record<string, LineValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lines end at line feeds only: `node:readline` also breaks at U+2028, which JSON lets stand. */
async function* lines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}

/** The rows of a file of JSON lines, values in the order of the columns. */
export async function* jsonLines(
  path: string,
  columns: readonly ColumnSchema[],
): AsyncGenerator<readonly SQLInputValue[]> {
  for await (const line of lines(path)) {
    const row = JSON.parse(line, exactNumbers)
    if (!isRecord(row)) throw new DestinationError('A line is no JSON object.', { kind: 'terminal' })
    yield columns.map((column) => boundValue(row[column.name], column))
  }
}
