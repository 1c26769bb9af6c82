import {
  coerceScalar,
  createSchema,
  type DataType,
  detectDataType,
  digest128,
  normalizeFieldName,
  normalizeListName,
  type ScalarValue,
  schemaNaming,
  variantColumnName,
} from '@dlt/schema'
import { Decimal } from 'decimal.js'

/*
 * The reference system's normalizing, one row and one value at a time, in two passes: the first takes documents apart into
 * rows and gives names (collisions and "all numbers decide" need the whole package), the second finds types row by row.
 */

export interface ModelColumn {
  readonly type: DataType
  readonly variant: boolean
}

export interface ModelTable {
  readonly parent: string | undefined
  readonly columns: Map<string, ModelColumn>
  readonly recordedColumns: Map<string, string>
  readonly recordedTables: Map<string, string>
}

export interface ModelRow {
  readonly values: Map<string, ScalarValue>
  /** Table and position of the row that contains this one. */
  readonly parentTable: string
  readonly parentRow: number
  readonly index: number
}

export type ModelState = Map<string, ModelTable>

interface RawRow {
  readonly chain: readonly (readonly string[])[]
  readonly parentRow: number
  readonly index: number
  readonly values: readonly (readonly [readonly string[], unknown])[]
}

interface Typed {
  readonly kind: string
  readonly type: DataType
  readonly value: ScalarValue
  /** The value as it came, where that says more: -0. */
  readonly number?: number
}

const schema = createSchema('model')
const naming = schemaNaming(schema)
const key = JSON.stringify

/** Normalizes a package of documents for table `root`; changes `state` and returns the rows by table. */
export function runModel(documents: readonly unknown[], state: ModelState, root = 'tbl'): Map<string, ModelRow[]> {
  const raw: RawRow[] = []
  for (const document of documents) takeApart(document, raw)
  const tables = nameTables(raw, state, root)
  const columns = nameColumns(raw, tables, state)
  const rows = new Map<string, ModelRow[]>()
  for (const row of raw) {
    const name = tables.get(key(row.chain)) ?? ''
    const rowsOfTable = rows.get(name) ?? []
    rows.set(name, rowsOfTable)
    const values = coerceRow(row, state.get(name) ?? newTable(undefined), columns.get(key(row.chain)) ?? new Map())
    const parentTable = tables.get(key(row.chain.slice(0, -1))) ?? ''
    rowsOfTable.push({ values, parentTable, parentRow: row.parentRow, index: row.index })
  }
  return rows
}

function takeApart(document: unknown, raw: RawRow[]): void {
  const counts = new Map<string, number>()
  for (const row of raw) counts.set(key(row.chain), (counts.get(key(row.chain)) ?? 0) + 1)
  const add = (contents: object, chain: readonly (readonly string[])[], parentRow: number, index: number): void => {
    const values: [readonly string[], unknown][] = []
    const lists: [readonly string[], readonly unknown[]][] = []
    const stack: [object, readonly string[]][] = [[contents, []]]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      for (const [name, value] of Object.entries(top[0])) {
        const path = [...top[1], name]
        if (Array.isArray(value)) lists.push([path, value])
        else if (isFields(value)) stack.push([value, path])
        else if (value !== undefined) values.push([path, value])
      }
    }
    const ordinal = counts.get(key(chain)) ?? 0
    counts.set(key(chain), ordinal + 1)
    raw.push({ chain, parentRow, index, values })
    for (const [path, list] of lists) {
      list.forEach((item, position) => {
        const fields = Array.isArray(item) ? { list: item } : isFields(item) ? item : { value: item }
        add(fields, [...chain, path], ordinal, position)
      })
    }
  }
  add(isFields(document) ? document : { value: document }, [], -1, 0)
}

function isFields(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  )
}

const part = (name: string): string => (name.trim() === '' ? '_empty' : normalizeFieldName(schema, naming, name))
const listPart = (name: string): string => (name.trim() === '' ? '_empty' : normalizeListName(schema, naming, name))

function replacement(name: string, path: unknown): string {
  return `${name}_${digest128(key(path), 6).replaceAll('/', 'a').replaceAll('+', 'b').toLowerCase()}`
}

function newTable(parent: string | undefined): ModelTable {
  return { parent, columns: new Map(), recordedColumns: new Map(), recordedTables: new Map() }
}

function nameTables(raw: readonly RawRow[], state: ModelState, root: string): Map<string, string> {
  const names = new Map<string, string>()
  const parts = new Map<string, readonly string[]>()
  const taken = new Set<string>()
  for (const { chain } of raw) {
    if (names.has(key(chain))) continue
    const above = key(chain.slice(0, -1))
    const path = chain.at(-1) ?? []
    const own = path.map((name, index) => (index === path.length - 1 ? listPart(name) : part(name)))
    const all = chain.length === 0 ? [root] : [...(parts.get(above) ?? []), ...own]
    const parent = chain.length === 0 ? undefined : names.get(above)
    const recorded = state.get(parent ?? '')?.recordedTables.get(key(path))
    const wanted = all.join('__')
    const name = recorded ?? (taken.has(wanted) ? replacement(wanted, chain) : wanted)
    if (recorded === undefined && taken.has(wanted)) state.get(parent ?? '')?.recordedTables.set(key(path), name)
    names.set(key(chain), name)
    parts.set(key(chain), name === wanted ? all : [name])
    taken.add(name)
    if (!state.has(name)) state.set(name, newTable(parent))
  }
  return names
}

interface Field {
  readonly name: string
  readonly position: number
  readonly kinds: Map<string, Typed>
}

type Fields = Map<string, Field> & { readonly novel?: never }

function nameColumns(
  raw: readonly RawRow[],
  tables: ReadonlyMap<string, string>,
  state: ModelState,
): Map<string, Fields> {
  const all = new Map<string, Fields>()
  for (const { chain, values } of raw) {
    const fields = all.get(key(chain)) ?? (new Map() as Fields)
    all.set(key(chain), fields)
    const table = state.get(tables.get(key(chain)) ?? '')
    for (const [path, value] of values) {
      const typed = typeOf(value)
      if (typed === undefined) continue
      const known = fields.get(key(path))
      if (known !== undefined) {
        if (!known.kinds.has(typed.kind)) known.kinds.set(typed.kind, typed)
        continue
      }
      const taken = new Set([...fields.values()].map(({ name }) => name))
      const wanted = path.map(part).join('__')
      const recorded = table?.recordedColumns.get(key(path))
      const name = recorded ?? (taken.has(wanted) ? replacement(wanted, path) : wanted)
      if (recorded === undefined && taken.has(wanted)) table?.recordedColumns.set(key(path), name)
      fields.set(key(path), { name, position: fields.size, kinds: new Map([[typed.kind, typed]]) })
    }
  }
  return all
}

function typeOf(value: unknown): Typed | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return { kind: 'text', type: 'text', value }
  if (typeof value === 'boolean') return { kind: 'bool', type: 'bool', value }
  if (value instanceof Date) return { kind: 'timestamp', type: 'timestamp', value: BigInt(value.getTime()) * 1000n }
  if (value instanceof Uint8Array) return { kind: 'binary', type: 'binary', value }
  if (typeof value === 'bigint') return typeOfBigint(value)
  if (value instanceof Decimal) return { kind: 'decimal', type: 'decimal', value: String(value) }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63) return { kind: 'double', type: 'double', value }
  return { kind: 'integer', type: 'bigint', value: BigInt(value), number: value }
}

function typeOfBigint(value: bigint): Typed {
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return { kind: 'bigint', type: 'bigint', value }
  const digits = String(value)
  if (digits.replace('-', '').length <= 38) return { kind: 'wei', type: 'wei', value: digits }
  return { kind: 'text', type: 'text', value: digits }
}

const seen = new WeakMap<Fields, Set<string>>()

function coerceRow(row: RawRow, table: ModelTable, fields: Fields): Map<string, ScalarValue> {
  const created: { readonly name: string; readonly column: ModelColumn; readonly order: readonly [number, number] }[] =
    []
  const values = new Map<string, ScalarValue>()
  const novel = isNovel(row, fields)
  row.values.forEach(([path, raw], position) => {
    const typed = typeOf(raw)
    const field = fields.get(key(path))
    if (typed === undefined || field === undefined) return
    const order = [novel ? position : field.position, field.position] as const
    const base = table.columns.get(field.name) ?? { type: decideType(field), variant: false }
    const coerced = coerce(base.type, typed)
    if (coerced !== undefined) {
      values.set(field.name, coerced)
      if (!table.columns.has(field.name)) created.push({ name: field.name, column: base, order })
      return
    }
    const wanted = variantColumnName(naming, field.name, typed.type)
    const clash = [...fields.values()].some(({ name }) => name === wanted)
    const name = clash ? replacement(wanted, [path, typed.type]) : wanted
    const variant = table.columns.get(name) ?? { type: variantType(base.type, field, typed), variant: true }
    const value = coerce(variant.type, typed)
    if (value !== undefined) {
      values.set(name, value)
      if (!table.columns.has(name)) created.push({ name, column: variant, order })
      return
    }
    if (typed.kind === 'text') throw new Error('neither the column nor its variant takes a value')
    const overflow = overflowName(path, field, base.type, table, fields)
    values.set(overflow, coerce('text', typed) ?? String(typed.value))
    if (!table.columns.has(overflow)) created.push({ name: overflow, column: { type: 'text', variant: true }, order })
  })
  created.sort((left, right) => left.order[0] - right.order[0] || left.order[1] - right.order[1])
  for (const { name, column } of created) table.columns.set(name, column)
  const own = table.parent === undefined ? ['_dlt_load_id'] : ['_dlt_parent_id', '_dlt_list_idx']
  for (const name of [...own, '_dlt_id']) {
    const type = name === '_dlt_list_idx' ? 'bigint' : 'text'
    if (!table.columns.has(name)) table.columns.set(name, { type, variant: false })
  }
  return values
}

/** Where the digits go that no column of their type takes: the text variant, or another column where that is of another type. */
function overflowName(
  path: readonly string[],
  field: Field,
  base: DataType,
  table: ModelTable,
  fields: Fields,
): string {
  const usual = variantColumnName(naming, field.name, 'text')
  const clash = [...fields.values()].some(({ name }) => name === usual)
  const wanted = clash ? replacement(usual, [path, 'text']) : usual
  const text = field.kinds.get('text')
  const planned = text === undefined ? 'text' : variantType(base, field, text)
  const type = table.columns.get(wanted)?.type ?? planned
  return type === 'text' ? wanted : replacement(wanted, [path, 'text', 'overflow'])
}

/** Whether a row is the first to have some kind of value at some path. */
function isNovel(row: RawRow, fields: Fields): boolean {
  const known = seen.get(fields) ?? new Set<string>()
  seen.set(fields, known)
  const before = known.size
  for (const [path, value] of row.values) {
    const typed = typeOf(value)
    if (typed !== undefined) known.add(`${typed.kind} ${key(path)}`)
  }
  return known.size > before
}

function decideType({ kinds }: Field): DataType {
  const [first] = kinds.values()
  if (first === undefined) return 'text'
  const detected = detectDataType(['iso_timestamp'], first.type, first.value)
  if (detected !== undefined) return detected
  return (first.kind === 'integer' || first.kind === 'bigint') && kinds.has('double') ? 'double' : first.type
}

function variantType(base: DataType, { kinds }: Field, typed: Typed): DataType {
  const first = kinds.get(typed.kind)
  if (first === undefined || coerceScalar(base, typed.type, first.value).ok) return typed.type
  return detectDataType(['iso_timestamp'], typed.type, first.value) ?? typed.type
}

function coerce(to: DataType, { kind, type, value, number }: Typed): ScalarValue | undefined {
  if (to === 'double' && number !== undefined) return number
  const result = coerceScalar(to, type, value)
  if (!result.ok) return undefined
  if (to === 'double' && (kind === 'bigint' || kind === 'wei')) {
    return BigInt(Number(result.value)) === BigInt(String(value)) ? result.value : undefined
  }
  if (to === 'wei') {
    const whole = new Decimal(String(result.value))
    return whole.isInteger() && whole.abs().lt('1e38') ? whole.toFixed(0) : undefined
  }
  if (to !== 'decimal') return result.value
  const exact = new Decimal(String(result.value))
  const digits = type === 'double' ? exact.toDecimalPlaces(9, Decimal.ROUND_HALF_EVEN) : exact
  return digits.decimalPlaces() <= 9 && digits.abs().lt('1e29') ? digits.toFixed(9) : undefined
}
