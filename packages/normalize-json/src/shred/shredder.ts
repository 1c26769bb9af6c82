import { DltError, plainJson } from '@dlt/schema'
import type { Page } from '../page/page.ts'
import type { FieldNode, KeepsJson } from './field-node.ts'
import { readForeignValue } from './foreign-value.ts'
import { cycleIn, refusal } from './locate.ts'
import type { ObjectNode } from './object-node.ts'
import { TableNode } from './table-node.ts'

/** How documents are shredded. */
export interface ShredderOptions {
  /**
   * How many levels of objects and lists become columns and tables; what lies deeper stays JSON.
   * At most {@link deepestNesting}; larger numbers mean that.
   */
  readonly maxNesting: number
  /**
   * Answers whether objects and lists at a path stay JSON whatever their depth; asked once per path. Never when absent.
   * The paths are raw keys: from the document to the table's list, over all levels, and from the row to the value.
   */
  readonly keepsJson?: KeepsJson
}

/** Turns documents into pages of columns, one per source path and kind of value. */
export interface Shredder {
  /**
   * Adds a document. Anything but an object is taken as `{ value: item }`.
   * After an error the shredder must not be used any more.
   * @throws DltError `DATA`, with the path: functions, symbols, promises, generators, objects that contain themselves.
   */
  add(item: unknown): void
  /** Documents added since the last page was taken. */
  readonly rowCount: number
  /** About how many bytes the page in work takes. */
  readonly byteEstimate: number
  /** Closes the page in work, which may be empty, and begins the next one. */
  takePage(): Page
}

/** The most levels that are ever made into columns and tables: deeper ones stay JSON. */
export const deepestNesting = 1000

/** Depth from which a document is suspected of containing itself. */
const suspiciousDepth = 40

const int64Limit = 2 ** 63
const widestWei = 38

/** Makes a shredder for the documents of one root table. */
export function createShredder(options: ShredderOptions): Shredder {
  return new DocumentShredder(options)
}

class DocumentShredder implements Shredder {
  private readonly maxNesting: number
  private readonly keepsJson: KeepsJson | undefined
  private readonly root = new TableNode(undefined, [])
  private tables: TableNode[] = []
  private document: unknown
  private checkedForCycles = false
  /** Objects of the row in work that wait to be flattened, last in first out. */
  private readonly waitingNodes: ObjectNode[] = []
  private readonly waitingObjects: object[] = []
  private readonly waitingLevels: number[] = []
  /** Lists of the rows in work, in order. */
  private readonly waitingTables: TableNode[] = []
  private readonly waitingLists: (readonly unknown[])[] = []

  constructor(options: ShredderOptions) {
    this.maxNesting = Math.min(options.maxNesting, deepestNesting)
    this.keepsJson = options.keepsJson
  }

  get rowCount(): number {
    return this.root.rowCount
  }

  get byteEstimate(): number {
    return this.tables.reduce((sum, table) => sum + table.byteEstimate, 0)
  }

  add(item: unknown): void {
    this.document = item
    this.checkedForCycles = false
    this.addRow(this.root, rootObject(item), -1, 0, this.maxNesting)
    this.document = undefined
  }

  takePage(): Page {
    const taken = this.tables.map((table) => table.take())
    const page: Page = {
      summary: { rowCount: taken[0]?.summary.rowCount ?? 0, tables: taken.map(({ summary }) => summary) },
      tables: taken.map(({ part }) => part),
    }
    this.tables = []
    return page
  }

  private beginRow(table: TableNode, parentOrdinal: number, listIndex: number): number {
    if (table.rowCount === 0) table.position = this.tables.push(table) - 1
    return table.beginRow(parentOrdinal, listIndex)
  }

  private addRow(table: TableNode, object: object, parentOrdinal: number, listIndex: number, level: number): void {
    const ordinal = this.beginRow(table, parentOrdinal, listIndex)
    const firstWaiting = this.waitingNodes.length
    const firstList = this.waitingLists.length
    this.flatten(table.fields, object, ordinal, level)
    while (this.waitingNodes.length > firstWaiting) this.flattenNext(ordinal)
    table.endRow()
    if (this.waitingLists.length > firstList) this.addLists(firstList, ordinal, level - 1)
  }

  private flattenNext(ordinal: number): void {
    const node = this.waitingNodes.pop()
    const object = this.waitingObjects.pop()
    const level = this.waitingLevels.pop()
    if (node !== undefined && object !== undefined && level !== undefined) this.flatten(node, object, ordinal, level)
  }

  private flatten(node: ObjectNode, source: object, ordinal: number, level: number): void {
    if (this.maxNesting - level >= suspiciousDepth) this.refuseCycle()
    const object = source as Readonly<Record<string, unknown>>
    let previous: FieldNode | undefined
    for (const key of Object.keys(object)) {
      const foreseen = previous === undefined ? node.first : previous.next
      const field = foreseen !== undefined && foreseen.key === key ? foreseen : node.find(key, previous)
      previous = field
      const value = object[key]
      if (typeof value === 'string') field.text.push(ordinal, value)
      else if (typeof value === 'number') addNumber(field, ordinal, value)
      else if (value === null) field.null.push(ordinal)
      else if (typeof value === 'boolean') field.bool.push(ordinal, value)
      else if (typeof value === 'object') this.addObject(field, value, value, ordinal, level)
      else if (value !== undefined) this.addRare(field, value, ordinal)
    }
  }

  /** An object or list; `original` is what the document holds when `value` only stands for it. */
  private addObject(field: FieldNode, value: object, original: object, ordinal: number, level: number): void {
    if (Array.isArray(value)) {
      if (level <= 0 || field.keepsJson(this.keepsJson)) this.addJson(field, original, ordinal)
      else this.waitForList(field.listNode, value)
      return
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null && value === original) {
      this.addForeign(field, value, ordinal, level)
    } else if (level <= 0 || field.keepsJson(this.keepsJson)) this.addJson(field, original, ordinal)
    else {
      this.waitingNodes.push(field.objectNode)
      this.waitingObjects.push(value)
      this.waitingLevels.push(level - 1)
    }
  }

  private waitForList(table: TableNode, list: readonly unknown[]): void {
    if (list.length === 0) return
    this.waitingTables.push(table)
    this.waitingLists.push(list)
  }

  private addForeign(field: FieldNode, value: object, ordinal: number, level: number): void {
    const foreign = readForeignValue(value)
    switch (foreign.is) {
      case 'object':
      case 'list':
        return this.addObject(field, foreign.value, value, ordinal, level)
      case 'value':
        return this.addValue(field, foreign.value, ordinal, level)
      default:
        return this.addForeignScalar(field, value, ordinal)
    }
  }

  private addForeignScalar(field: FieldNode, value: object, ordinal: number): void {
    const foreign = readForeignValue(value)
    switch (foreign.is) {
      case 'null':
        return field.null.push(ordinal)
      case 'timestamp':
        return field.timestamp.push(ordinal, foreign.microseconds)
      case 'time':
        return field.time.push(ordinal, foreign.microseconds)
      case 'date':
        return field.date.push(ordinal, foreign.days)
      case 'decimal':
        return field.decimal.push(ordinal, foreign.digits)
      case 'binary':
        return field.binary.push(ordinal, foreign.bytes)
      default:
        throw this.refuse()
    }
  }

  private addValue(field: FieldNode, value: unknown, ordinal: number, level: number): void {
    if (typeof value === 'string') field.text.push(ordinal, value)
    else if (typeof value === 'number') addNumber(field, ordinal, value)
    else if (value === null) field.null.push(ordinal)
    else if (typeof value === 'boolean') field.bool.push(ordinal, value)
    else if (typeof value === 'object') this.addObject(field, value, value, ordinal, level)
    else if (value !== undefined) this.addRare(field, value, ordinal)
  }

  private addRare(field: FieldNode, value: unknown, ordinal: number): void {
    if (typeof value !== 'bigint') throw this.refuse()
    if (BigInt.asIntN(64, value) === value) return field.bigint.push(ordinal, value)
    const digits = String(value)
    const width = value < 0n ? digits.length - 1 : digits.length
    return width <= widestWei ? field.wei.push(ordinal, digits) : field.text.push(ordinal, digits)
  }

  private addJson(field: FieldNode, value: object, ordinal: number): void {
    field.jsonText.push(ordinal, this.json(value))
  }

  private json(value: object): string {
    try {
      return plainJson(value)
    } catch (cause) {
      if (cause instanceof RangeError && !cycleIn(this.document)) throw tooDeep(cause)
      throw refusal(this.document, 'The item holds a value that has no JSON form.', cause)
    }
  }

  /** Processes the lists that a row brought, in order; each may bring further ones, which are done before the next. */
  private addLists(first: number, parentOrdinal: number, level: number): void {
    const end = this.waitingLists.length
    for (let index = first; index < end; index++) {
      const table = this.waitingTables[index]
      const list = this.waitingLists[index]
      if (table !== undefined && list !== undefined) this.addList(table, list, parentOrdinal, level)
    }
    this.waitingTables.length = first
    this.waitingLists.length = first
  }

  private addList(table: TableNode, list: readonly unknown[], parentOrdinal: number, level: number): void {
    for (let index = 0; index < list.length; index++) {
      const item = list[index]
      if (typeof item === 'object' && item !== null) this.addListItem(table, item, parentOrdinal, index, level)
      else this.addScalarItem(table, item, parentOrdinal, index)
    }
  }

  private addListItem(table: TableNode, item: object, parentOrdinal: number, index: number, level: number): void {
    const contents = listItemContents(item)
    if (Array.isArray(contents)) this.addRow(table, { list: contents }, parentOrdinal, index, level - 1)
    else if (contents !== undefined) this.addRow(table, contents, parentOrdinal, index, level)
    else this.addScalarItem(table, item, parentOrdinal, index)
  }

  private addScalarItem(table: TableNode, item: unknown, parentOrdinal: number, index: number): void {
    const ordinal = this.beginRow(table, parentOrdinal, index)
    const field = table.fields.valueField
    this.addValue(field, item, ordinal, 0)
    table.endRow()
  }

  private refuseCycle(): void {
    if (this.checkedForCycles) return
    this.checkedForCycles = true
    if (cycleIn(this.document)) throw this.refuse()
  }

  private refuse(): DltError {
    return refusal(this.document, 'The item holds a value that cannot be loaded.')
  }
}

/** An integer below 2^63 is an integer, whatever stood in the text it came from; NaN and infinities are null. */
function addNumber(field: FieldNode, ordinal: number, value: number): void {
  if ((value | 0) === value) field.integer.push(ordinal, value)
  else if (Number.isInteger(value) && value >= -int64Limit && value < int64Limit) field.integer.push(ordinal, value)
  else if (Number.isFinite(value)) field.double.push(ordinal, value)
  else field.null.push(ordinal)
}

/** The document as an object: what is none becomes the field `value`. */
function rootObject(item: unknown): object {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return { value: item }
  const contents = listItemContents(item)
  return contents === undefined || Array.isArray(contents) ? { value: item } : contents
}

/** The fields or items of an object that has some; undefined for one that is a scalar (a date, a decimal, ...). */
function listItemContents(item: object): object | undefined {
  if (Array.isArray(item)) return item
  const prototype: unknown = Object.getPrototypeOf(item)
  if (prototype === Object.prototype || prototype === null) return item
  const foreign = readForeignValue(item)
  if (foreign.is === 'object' || foreign.is === 'list') return foreign.value
  const replaced = foreign.is === 'value' ? foreign.value : undefined
  return typeof replaced === 'object' && replaced !== null && replaced !== item ? listItemContents(replaced) : undefined
}

function tooDeep(cause: RangeError): DltError {
  const message =
    'The item is nested too deeply to be written as JSON. Flatten it before it is yielded, or raise "max_table_nesting" so that more of it becomes tables.'
  return new DltError(message, { code: 'DATA', cause })
}
