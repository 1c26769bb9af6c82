import { DltError } from '../dlt-error.ts'
import type { OrderedJson } from '../json/json-reader.ts'
import { namingConvention } from '../naming/naming-convention.ts'
import type { TableSchema } from '../schema.ts'
import { schemaEngineVersion } from './create-schema.ts'
import { asMap, isJsonMap, type JsonMap, listAt, mapAt, mapObjects, textAt, withKeys, withoutKeys } from './json-map.ts'
import { loadsTable, versionTable } from './system-tables.ts'

function tableMap(table: TableSchema): JsonMap {
  const columns = Array.from(table.columns.values(), (column): readonly [string, OrderedJson] => [
    column.name,
    new Map(Object.entries(column)),
  ])
  const { name, columns: _, ...rest } = table
  return new Map<string, OrderedJson>([
    ['name', name],
    ['columns', new Map(columns)],
    ...Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  ])
}

function mapTables(document: JsonMap, replace: (table: JsonMap, name: string) => JsonMap): JsonMap {
  return withKeys(document, ['tables', mapObjects(mapAt(document, 'tables'), replace)])
}

function newTable(name: string, parent: string | undefined, columns: OrderedJson): JsonMap {
  const table: JsonMap = new Map([
    ['name', name],
    ['columns', columns],
  ])
  return parent === undefined
    ? withKeys(table, ['write_disposition', 'append'], ['resource', name])
    : withKeys(table, ['parent', parent])
}

/** The longest table name before a `__` that exists. */
function parentByName(name: string, tables: JsonMap): string | undefined {
  for (let end = name.lastIndexOf('__'); end > 0; end = name.lastIndexOf('__', end - 1)) {
    const parent = name.slice(0, end)
    if (tables.has(parent)) return parent
  }
  return undefined
}

/** Filters stood beside the tables, as patterns `^root__path`; they move to the root tables. */
function moveFilters(tables: JsonMap, group: string, patterns: readonly OrderedJson[]): JsonMap {
  let moved = tables
  for (const pattern of patterns) {
    const text = String(pattern)
    const split = text.indexOf('__')
    const root = text.slice(1, split < 0 ? -1 : split)
    const table = asMap(moved.get(root) ?? newTable(root, undefined, new Map()))
    const filters = mapAt(table, 'filters')
    const rules = [...listAt(filters, group), `re:^${text.slice(split + 2)}`]
    moved = withKeys(moved, [root, withKeys(table, ['filters', withKeys(filters, [group, rules])])])
  }
  return moved
}

function asRegularExpressions(hints: JsonMap): JsonMap {
  return new Map(
    Array.from(hints.keys(), (hint) => [hint, listAt(hints, hint).map((pattern) => `re:${String(pattern)}`)]),
  )
}

const normalizersOfEngine3: JsonMap = new Map<string, OrderedJson>([
  ['names', 'snake_case'],
  [
    'json',
    new Map<string, OrderedJson>([
      ['module', 'dlt.common.normalizers.json.relational'],
      ['config', new Map([['propagation', new Map([['root', new Map([['_dlt_id', '_dlt_root_id']])]])]])],
    ]),
  ],
])

function toEngine3(document: JsonMap): JsonMap {
  const oldTables = mapAt(document, 'tables')
  const tables = new Map(
    Array.from(oldTables, ([name, columns]) => [name, newTable(name, parentByName(name, oldTables), columns)]),
  )
  const preferred = mapAt(document, 'preferred_types')
  const settings: JsonMap = new Map<string, OrderedJson>([
    ['default_hints', asRegularExpressions(mapAt(document, 'hints'))],
    ['preferred_types', new Map(Array.from(preferred, ([pattern, type]) => [`re:${pattern}`, type]))],
  ])
  const filtered = moveFilters(
    moveFilters(tables, 'excludes', listAt(document, 'excludes')),
    'includes',
    listAt(document, 'includes'),
  )
  const rest = withoutKeys(document, 'hints', 'preferred_types', 'tables', 'excludes', 'includes')
  return withKeys(rest, ['normalizers', normalizersOfEngine3], ['settings', settings], ['tables', filtered])
}

function replaceTable(document: JsonMap, table: TableSchema): JsonMap {
  return withKeys(document, ['tables', withKeys(mapAt(document, 'tables'), [table.name, tableMap(table)])])
}

function toEngine7(document: JsonMap): JsonMap {
  const settings = withoutKeys(mapAt(document, 'settings'), 'schema_sealed')
  return mapTables(withKeys(document, ['settings', settings]), (table) => withoutKeys(table, 'table_sealed'))
}

function toEngine9(document: JsonMap): JsonMap {
  return mapTables(document, (table) =>
    mapAt(table, 'columns').has('_dlt_id')
      ? withKeys(table, ['x-normalizer', withKeys(mapAt(table, 'x-normalizer'), ['seen-data', true])])
      : table,
  )
}

interface KeyNames {
  readonly rowKey: string
  readonly parentKey: string
}

function migrateColumn(column: JsonMap, name: string, keys: KeyNames): JsonMap {
  const typed = column.get('data_type') === 'complex' ? withKeys(column, ['data_type', 'json']) : column
  const rowKeyed = name === keys.rowKey ? withKeys(typed, ['row_key', typed.get('unique') ?? false]) : typed
  const parentKeyed =
    name === keys.parentKey ? withKeys(rowKeyed, ['parent_key', rowKeyed.get('foreign_key') ?? false]) : rowKeyed
  return withoutKeys(parentKeyed, 'foreign_key')
}

function migrateSettings(settings: JsonMap, keys: KeyNames): JsonMap {
  const preferred = mapAt(settings, 'preferred_types')
  const types = Array.from(preferred, ([pattern, type]): readonly [string, OrderedJson] => [
    pattern,
    type === 'complex' ? 'json' : type,
  ])
  const hints = mapAt(settings, 'default_hints')
  const typed = preferred.size === 0 ? settings : withKeys(settings, ['preferred_types', new Map(types)])
  if (hints.size === 0) return typed
  const renamed = withKeys(
    withoutKeys(hints, 'foreign_key'),
    ['row_key', [keys.rowKey]],
    ['parent_key', [keys.parentKey]],
  )
  return withKeys(typed, ['default_hints', renamed])
}

function toEngine10(document: JsonMap): JsonMap {
  const normalizers = mapAt(document, 'normalizers')
  const naming = namingConvention(textAt(normalizers, 'names') ?? 'snake_case')
  const keys = {
    rowKey: naming.normalizeIdentifier('_dlt_id'),
    parentKey: naming.normalizeIdentifier('_dlt_parent_id'),
  }
  const json = mapAt(normalizers, 'json')
  const config = mapAt(json, 'config')
  const cleanJson = config.size === 0 ? json : withKeys(json, ['config', withoutKeys(config, 'generate_dlt_id')])
  const migrated = mapTables(document, (table) =>
    withKeys(table, [
      'columns',
      mapObjects(mapAt(table, 'columns'), (column, name) => migrateColumn(column, name, keys)),
    ]),
  )
  return withKeys(
    migrated,
    ['settings', migrateSettings(mapAt(document, 'settings'), keys)],
    ['normalizers', json.size === 0 ? normalizers : withKeys(normalizers, ['json', cleanJson])],
  )
}

/** The step from each engine version to the next, by the version it starts from. */
const steps: ReadonlyMap<number, (document: JsonMap) => JsonMap> = new Map([
  [1, (document: JsonMap) => withKeys(document, ['includes', []], ['excludes', []])],
  [2, toEngine3],
  [3, (document: JsonMap) => (document.has('version_hash') ? document : withKeys(document, ['version_hash', '']))],
  [4, (document: JsonMap) => replaceTable(replaceTable(document, versionTable()), loadsTable())],
  [5, (document: JsonMap) => replaceTable(document, loadsTable())],
  [6, toEngine7],
  [7, (document: JsonMap) => withKeys(document, ['previous_hashes', []])],
  [8, toEngine9],
  [9, toEngine10],
  [
    10,
    (document: JsonMap) =>
      withKeys(document, [
        'normalizers',
        withKeys(mapAt(document, 'normalizers'), ['use_break_path_on_normalize', false]),
      ]),
  ],
])

/** Removes marks of columns that were only ever null, and such columns where they have no data type. */
function removeNullMarks(document: JsonMap): JsonMap {
  return mapTables(document, (table) => {
    const columns = table.get('columns')
    if (!isJsonMap(columns)) return table
    const kept = Array.from(
      columns,
      ([name, column]) => [name, isJsonMap(column) ? withoutNullMark(column) : column] as const,
    )
    return withKeys(table, [
      'columns',
      new Map(kept.filter((entry): entry is [string, OrderedJson] => entry[1] !== undefined)),
    ])
  })
}

function withoutNullMark(column: JsonMap): JsonMap | undefined {
  const hints = mapAt(column, 'x-normalizer')
  if (!hints.get('seen-null-first')) return column
  if (!column.has('data_type')) return undefined
  const rest = withoutKeys(hints, 'seen-null-first')
  return rest.size === 0 ? withoutKeys(column, 'x-normalizer') : withKeys(column, ['x-normalizer', rest])
}

function withoutEngine(): DltError {
  return new DltError(
    `What was read is no schema document: it has no whole number under "engine_version". Write engine_version: ${schemaEngineVersion}, or restore the text.`,
    { code: 'SCHEMA' },
  )
}

/**
 * A schema document brought to the current engine version, step by step.
 *
 * @throws DltError SCHEMA when its engine version is unknown or newer.
 */
export function migrateDocument(document: JsonMap): JsonMap {
  const stored = document.get('engine_version')
  let migrated = document
  let engine = typeof stored === 'number' ? stored : 0
  while (engine !== schemaEngineVersion) {
    const step = steps.get(engine)
    if (step === undefined) {
      if (!Number.isSafeInteger(stored)) throw withoutEngine()
      throw new DltError(
        `Schema "${String(document.get('name'))}" has engine version ${String(stored)}, and this version of dlt reads 1 to ${schemaEngineVersion}. Install a newer version of dlt.`,
        { code: 'SCHEMA' },
      )
    }
    migrated = step(migrated)
    engine++
  }
  return removeNullMarks(withKeys(migrated, ['engine_version', engine]))
}
