import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DltError } from '@dlt/schema'
import type { ResourceOptions } from '../hints/resource-options.ts'
import { type JsonLinesInput, textLines } from '../lines/json-lines-input.ts'
import { Resource } from './resource.ts'

/** Options of {@link jsonLines}. */
export interface JsonLinesOptions<Item = unknown> extends Omit<ResourceOptions<Item>, 'name'> {
  /** Name of the resource. Default: the file's name without its extensions; a stream needs one. */
  readonly name?: string
}

/**
 * A resource over JSON Lines: one JSON document a line, UTF-8, plain or gzip; empty lines are skipped, and so is a byte order
 * mark at the start. A line is one item: one that holds a list, a text or anything else but an object is the item `{ value }`.
 * The text is put into the load package as it is and parsed by normalize, in parallel; only a `tableName` that is a function
 * makes extract look at the items. Integers keep all their digits (those beyond 2^53 are `bigint` when the resource is iterated).
 *
 * ```ts
 * await dlt.run(dlt.jsonLines('events.jsonl.gz', { tableName: 'events' }), { destination: 'duckdb' })
 * ```
 *
 * @throws DltError `CONFIGURATION` when a stream has no name, `UNSUPPORTED` for a URL other than `file:`. A line that is not
 * JSON fails the run with a `DATA` error that names file and line.
 */
export function jsonLines<Item = unknown>(input: JsonLinesInput, options: JsonLinesOptions<Item> = {}): Resource<Item> {
  const name = options.name ?? inputName(input, options)
  return new Resource<Item>({ ...options, name }, { kind: 'json_lines', lines: textLines(input, name) })
}

function inputName(input: JsonLinesInput, options: JsonLinesOptions<never>): string {
  if (typeof input === 'string' || input instanceof URL) {
    const file = basename(input instanceof URL || input.startsWith('file:') ? fileURLToPath(input) : input)
    return file.replace(/(?<=.)\..*$/, '')
  }
  if (typeof options.tableName === 'string') return options.tableName
  throw new DltError("A stream of JSON Lines has no name. Give one: dlt.jsonLines(stream, { name: 'events' }).", {
    code: 'CONFIGURATION',
  })
}
