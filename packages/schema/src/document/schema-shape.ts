import { dataTypes } from '../data-type.ts'
import { DltError } from '../dlt-error.ts'
import type { OrderedJson } from '../json/json-reader.ts'
import { isJsonMap, type JsonMap } from './json-map.ts'

/** What a value of a schema document must be. */
export type Shape =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'texts'
  | 'anything'
  | { readonly oneOf: readonly string[] }
  | { readonly values: Shape }
  | { readonly keys: { readonly [key: string]: Shape }; readonly extensible?: boolean }
  | { readonly items: Shape }
  | { readonly either: readonly Shape[] }

const boolean: Shape = 'boolean'
const contractMode: Shape = { oneOf: ['evolve', 'freeze', 'discard_row', 'discard_value'] }
const contract: Shape = {
  either: [contractMode, { keys: { tables: contractMode, columns: contractMode, data_type: contractMode } }],
}
const dataType: Shape = { oneOf: dataTypes }

const column: Shape = {
  extensible: true,
  keys: {
    name: 'text',
    data_type: dataType,
    nullable: boolean,
    precision: 'integer',
    scale: 'integer',
    timezone: boolean,
    description: 'text',
    variant: boolean,
    partition: boolean,
    cluster: boolean,
    primary_key: boolean,
    sort: boolean,
    unique: boolean,
    merge_key: boolean,
    row_key: boolean,
    parent_key: boolean,
    root_key: boolean,
    hard_delete: boolean,
    dedup_sort: { oneOf: ['asc', 'desc'] },
    incremental: boolean,
  },
}

const reference: Shape = {
  keys: {
    label: 'text',
    cardinality: 'text',
    table: 'text',
    columns: 'texts',
    referenced_table: 'text',
    referenced_columns: 'texts',
  },
}

const table: Shape = {
  extensible: true,
  keys: {
    name: 'text',
    columns: { values: column },
    write_disposition: { oneOf: ['append', 'replace', 'merge', 'skip'] },
    resource: 'text',
    parent: 'text',
    variant_name: 'text',
    description: 'text',
    schema_contract: contract,
    table_format: 'text',
    file_format: 'text',
    filters: { keys: { excludes: 'texts', includes: 'texts' } },
    references: { items: reference },
  },
}

/** A schema document of the current engine version. */
export const schemaShape: Shape = {
  extensible: true,
  keys: {
    version: 'integer',
    version_hash: 'text',
    imported_version_hash: 'text',
    engine_version: 'integer',
    name: 'text',
    description: 'text',
    previous_hashes: 'texts',
    tables: { values: table },
    settings: {
      keys: {
        schema_contract: contract,
        detections: 'texts',
        default_hints: { values: 'texts' },
        preferred_types: { values: dataType },
      },
    },
    normalizers: {
      keys: {
        names: 'text',
        json: { keys: { module: 'text', config: 'anything' } },
        detections: 'texts',
        allow_identifier_change_on_table_with_data: boolean,
        use_break_path_on_normalize: boolean,
      },
    },
  },
}

function problem(path: string, expected: string): never {
  throw new DltError(`The schema document is not valid at "${path}": ${expected}. Correct it there.`, {
    code: 'SCHEMA',
    context: { path },
  })
}

function requireEntries(value: JsonMap, shape: Extract<Shape, { keys: unknown }>, path: string): void {
  for (const [key, item] of value) {
    if (shape.extensible && key.startsWith('x-')) continue
    const expected = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined
    if (expected === undefined) problem(`${path}/${key}`, 'this key is unknown')
    if (item !== null) requireShape(item, expected, `${path}/${key}`)
  }
}

const scalarRules = {
  text: [(value: OrderedJson) => typeof value === 'string', 'a text'],
  integer: [(value: OrderedJson) => Number.isInteger(value), 'an integer'],
  boolean: [(value: OrderedJson) => typeof value === 'boolean', 'true or false'],
  texts: [
    (value: OrderedJson) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    'a list of texts',
  ],
} as const

function requireScalar(value: OrderedJson, shape: 'text' | 'integer' | 'boolean' | 'texts', path: string): void {
  const [isValid, expected] = scalarRules[shape]
  if (!isValid(value)) problem(path, `it must be ${expected}`)
}

function matches(value: OrderedJson, shape: Shape): boolean {
  if (typeof shape === 'object' && 'oneOf' in shape) return typeof value === 'string' && shape.oneOf.includes(value)
  return isJsonMap(value)
}

/** Checks a document against a shape. @throws DltError SCHEMA that names the path of what is wrong. */
export function requireShape(value: OrderedJson, shape: Shape, path: string): void {
  if (shape === 'anything') return
  if (typeof shape === 'string') {
    requireScalar(value, shape, path)
  } else if ('oneOf' in shape) {
    if (!matches(value, shape)) problem(path, `it must be one of ${shape.oneOf.map((name) => `"${name}"`).join(', ')}`)
  } else if ('either' in shape) {
    const chosen = shape.either.find((candidate) => matches(value, candidate)) ?? shape.either[0]
    if (chosen !== undefined) requireShape(value, chosen, path)
  } else if ('items' in shape) {
    if (!Array.isArray(value)) problem(path, 'it must be a list')
    for (const [index, item] of value.entries()) requireShape(item, shape.items, `${path}/${index}`)
  } else if (!isJsonMap(value)) {
    problem(path, 'it must be an object')
  } else if ('values' in shape) {
    for (const [key, item] of value) requireShape(item, shape.values, `${path}/${key}`)
  } else {
    requireEntries(value, shape, path)
  }
}
