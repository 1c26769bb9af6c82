import type { DltError } from '@dlt/schema'
import type { Page } from '../page/page.ts'
import { addBigint, addForeignScalar, addNumber, addScannedScalar } from './add-scalar.ts'
import { DocumentScanner } from './document-scanner.ts'
import { entryKind } from './document-tape.ts'
import { readForeignValue } from './foreign-value.ts'
import { jsonText } from './json-text.ts'
import { cycleIn, refusal } from './locate.ts'
import { PageMemory } from './page-memory.ts'
import { type FieldNode, type KeepsJson, type KeepsText, type ObjectNode, TableNode } from './path-tree.ts'
import { hasPlainPrototype, isPlainObject } from './plain-object.ts'
import { rowText } from './row-text.ts'

/** How documents are shredded. */
export interface ShredderOptions {
  /**
   * How many levels of objects and lists become columns and tables; what lies deeper stays JSON.
   * At most {@link deepestNesting}; larger numbers mean that.
   */
  readonly maxNesting: number
  /**
   * Answers whether objects and lists at a path stay JSON whatever their depth; asked once per path. Never when absent.
   * The paths are raw keys: where the row's list stands, level by level, and from the row to the value.
   */
  readonly keepsJson?: KeepsJson
  /**
   * Answers whether the rows of a list (of documents themselves where it has no parent) are kept as text, too: ids that depend on
   * everything in a row are made of it. Asked for every row. Never when absent.
   */
  readonly keepsText?: KeepsText
  /** The table of the documents, for errors; they name none when absent. */
  readonly tableName?: string
}

/** Turns documents into pages of columns, one per source path and kind of value. */
export interface Shredder {
  /**
   * Adds a document. Anything but an object is taken as `{ value: item }`.
   * After an error the shredder must not be used any more.
   * @throws DltError `DATA`, with the path: functions, symbols, promises, generators, objects that contain themselves.
   */
  add(item: unknown): void
  /**
   * Adds a document given as JSON, quicker than when it is parsed first, and with the same result.
   * @param bytes well-formed UTF-8; behind `end` is a control character or nothing
   * @returns false, and nothing is added, for what must be parsed and added as an item: other things than objects, rare forms, and
   * whatever is no JSON
   * @throws DltError like `add`
   */
  addText(bytes: Uint8Array, start: number, end: number): boolean
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

/**
 * Makes a shredder for the documents of one root table.
 * @param memory what pages are made of; others may use it, too. Default: memory of its own, to which nothing comes back
 */
export function createShredder(options: ShredderOptions, memory: PageMemory = new PageMemory()): Shredder {
  return new DocumentShredder(options, memory)
}

/** The fields of an object: an object, or where one begins on the tape of a scanned document. */
type Fields = object | number

/** The document itself begins before the first entry of the tape. */
const wholeTape = -1

class DocumentShredder implements Shredder {
  private readonly maxNesting: number
  private readonly scanner: DocumentScanner
  private readonly keepsJson: KeepsJson | undefined
  private readonly keepsText: KeepsText | undefined
  private readonly root: TableNode
  private tables: TableNode[] = []
  private document: unknown
  private checkedForCycles = false
  /** Whether a loop over the keys of an object would meet others than its own. */
  private inheritsKeys = false
  /** Objects of the row in work that wait to be flattened, last in first out. */
  private readonly waitingNodes: ObjectNode[] = []
  private readonly waitingObjects: Fields[] = []
  private readonly waitingLevels: number[] = []
  /** Lists of the rows in work, in order: lists, or where one begins on the tape. */
  private readonly waitingTables: TableNode[] = []
  private readonly waitingLists: (readonly unknown[] | number)[] = []

  constructor(options: ShredderOptions, memory: PageMemory) {
    this.maxNesting = Math.min(options.maxNesting, deepestNesting)
    this.keepsJson = options.keepsJson
    this.keepsText = options.keepsText
    this.root = new TableNode(undefined, [], memory, options.tableName)
    this.scanner = new DocumentScanner(options.keepsJson)
  }

  get rowCount(): number {
    return this.root.rows.rowCount
  }

  get byteEstimate(): number {
    return this.tables.reduce((sum, table) => sum + table.rows.bytes, 0)
  }

  add(item: unknown): void {
    this.document = item
    this.checkedForCycles = false
    this.inheritsKeys = objectsInheritKeys()
    this.addRow(this.root, rootObject(item), -1, 0, this.maxNesting)
    this.document = undefined
  }

  addText(bytes: Uint8Array, start: number, end: number): boolean {
    const { scanner, root, maxNesting } = this
    // The text of a row is made of its values, not of the bytes that they came as.
    if (this.keepsText !== undefined) return false
    if (!scanner.scan(bytes, start, end, root.fields, maxNesting)) return false
    this.checkedForCycles = false
    this.addRow(root, wholeTape, -1, 0, maxNesting)
    return true
  }

  takePage(): Page {
    // A page without rows still says that there is a table.
    if (this.tables.length === 0) this.tables.push(this.root)
    const taken = this.tables.map((table) => table.rows.take())
    this.tables = []
    return {
      summary: { rowCount: taken[0]?.summary.rowCount ?? 0, tables: taken.map(({ summary }) => summary) },
      tables: taken.map(({ part }) => part),
    }
  }

  private beginRow(table: TableNode, parentOrdinal: number, listIndex: number): number {
    if (table.rows.rowCount === 0) table.rows.position = this.tables.push(table) - 1
    return table.rows.begin(parentOrdinal, listIndex)
  }

  private addRow(table: TableNode, object: Fields, parentOrdinal: number, listIndex: number, level: number): void {
    const ordinal = this.beginRow(table, parentOrdinal, listIndex)
    const firstWaiting = this.waitingNodes.length
    const firstList = this.waitingLists.length
    this.flattenAny(table.fields, object, ordinal, level)
    while (this.waitingNodes.length > firstWaiting) this.flattenNext(ordinal)
    if (this.keepsText !== undefined && typeof object !== 'number') this.keepText(table, object, ordinal)
    table.rows.end()
    if (this.waitingLists.length > firstList) this.addLists(firstList, ordinal, level - 1)
  }

  private keepText(table: TableNode, row: object, ordinal: number): void {
    if (this.keepsText?.(table) === true) table.addRowText(ordinal, rowText(row, this.document))
  }

  private flattenNext(ordinal: number): void {
    const node = this.waitingNodes.pop()
    const object = this.waitingObjects.pop()
    const level = this.waitingLevels.pop()
    if (node !== undefined && object !== undefined && level !== undefined) this.flattenAny(node, object, ordinal, level)
  }

  private flattenAny(node: ObjectNode, fields: Fields, ordinal: number, level: number): void {
    if (typeof fields === 'number') this.flattenTape(fields, ordinal, level)
    else this.flatten(node, fields, ordinal, level)
  }

  /** Adds the fields of an object on the tape; those of the document are the object that begins before the first entry. */
  private flattenTape(object: number, ordinal: number, level: number): void {
    const { tape } = this.scanner
    const end = object === wholeTape ? tape.length : (tape.ends[object] ?? 0)
    for (let entry = object + 1; entry < end; ) {
      const field = tape.fields[entry]
      const kind = tape.kinds[entry]
      if (field !== undefined) this.addEntry(field, entry, ordinal, level)
      entry = kind === entryKind.object || kind === entryKind.list ? (tape.ends[entry] ?? end) : entry + 1
    }
  }

  private addEntry(field: FieldNode, entry: number, ordinal: number, level: number): void {
    const { tape } = this.scanner
    const kind = tape.kinds[entry]
    if (kind === entryKind.object) this.wait(field, entry, level - 1)
    else if (kind === entryKind.list) this.waitForItems(field, entry)
    else if (kind === entryKind.value) this.addParsed(field, tape.values[tape.starts[entry] ?? 0], ordinal, level)
    else addScannedScalar(field, ordinal, tape, entry)
  }

  /** Adds a part of a text that was parsed. */
  private addParsed(field: FieldNode, value: unknown, ordinal: number, level: number): void {
    this.document = value
    this.inheritsKeys = objectsInheritKeys()
    this.addValue(field, value, ordinal, level)
    this.document = undefined
  }

  private wait(field: FieldNode, fields: Fields, level: number): void {
    this.waitingNodes.push(field.objects)
    this.waitingObjects.push(fields)
    this.waitingLevels.push(level)
  }

  private flatten(node: ObjectNode, source: object, ordinal: number, level: number): void {
    if (this.maxNesting - level >= suspiciousDepth) this.refuseCycle()
    const object = source as Readonly<Record<string, unknown>>
    let previous: FieldNode | undefined
    if (this.inheritsKeys || !hasPlainPrototype(object)) {
      for (const key of Object.keys(object)) {
        previous = node.after(previous, key)
        this.addValue(previous, object[key], ordinal, level)
      }
      return
    }
    // Only where key and value are read in one loop does the engine read the value where it lies, without a search for the key.
    for (const key in object) {
      previous = node.after(previous, key)
      this.addValue(previous, object[key], ordinal, level)
    }
  }

  private addRare(field: FieldNode, value: unknown, ordinal: number, level: number): void {
    if (typeof value === 'object' && value !== null) this.addObject(field, value, ordinal, level)
    else if (typeof value === 'bigint') addBigint(field, ordinal, value)
    else if (value !== undefined) throw this.refuse()
  }

  private addObject(field: FieldNode, value: object, ordinal: number, level: number): void {
    if (Array.isArray(value)) this.addList(field, value, value, ordinal, level)
    else if (isPlainObject(value)) this.addFields(field, value, value, ordinal, level)
    else this.addForeign(field, value, ordinal, level)
  }

  /** Adds an object's fields to the row, or the object as JSON; `original` is what the document holds. */
  private addFields(field: FieldNode, value: object, original: object, ordinal: number, level: number): void {
    if (level <= 0 || field.keepsJson(this.keepsJson))
      field.addString('json', ordinal, jsonText(original, this.document))
    else this.wait(field, value, level - 1)
  }

  /** Keeps a list for when the row is done, or adds it as JSON; `original` is what the document holds. */
  private addList(field: FieldNode, value: readonly unknown[], original: object, ordinal: number, level: number): void {
    if (level <= 0 || field.keepsJson(this.keepsJson))
      field.addString('json', ordinal, jsonText(original, this.document))
    else if (value.length > 0) {
      this.waitForItems(field, value)
    }
  }

  private addForeign(field: FieldNode, value: object, ordinal: number, level: number): void {
    const foreign = readForeignValue(value)
    if (foreign.is === 'object') this.addFields(field, foreign.value, value, ordinal, level)
    else if (foreign.is === 'list') this.addList(field, foreign.value, value, ordinal, level)
    else if (foreign.is === 'value') this.addValue(field, foreign.value, ordinal, level)
    else if (!addForeignScalar(field, ordinal, foreign)) throw this.refuse()
  }

  private addValue(field: FieldNode, value: unknown, ordinal: number, level: number): void {
    if (typeof value === 'string') field.addText(ordinal, value)
    else if (typeof value === 'number') addNumber(field, ordinal, value)
    else if (value === null) field.addNull(ordinal)
    else if (typeof value === 'boolean') field.addBool(ordinal, value)
    else this.addRare(field, value, ordinal, level)
  }

  private waitForItems(field: FieldNode, list: readonly unknown[] | number): void {
    this.waitingTables.push(field.items)
    this.waitingLists.push(list)
  }

  /** Processes the lists that a row brought, in order; those of their items are done before the next one. */
  private addLists(first: number, parentOrdinal: number, level: number): void {
    const end = this.waitingLists.length
    for (let index = first; index < end; index++) {
      const table = this.waitingTables[index]
      const list = this.waitingLists[index]
      if (table === undefined || list === undefined) continue
      if (typeof list === 'number') this.addTapeItems(table, list, parentOrdinal, level)
      else this.addItems(table, list, parentOrdinal, level)
    }
    this.waitingTables.length = first
    this.waitingLists.length = first
  }

  private addItems(table: TableNode, list: readonly unknown[], parentOrdinal: number, level: number): void {
    for (let index = 0; index < list.length; index++) {
      const item = list[index]
      const contents = typeof item === 'object' && item !== null ? contentsOf(item) : undefined
      if (contents === undefined) this.addScalarItem(table, item, parentOrdinal, index)
      else if (Array.isArray(contents)) this.addRow(table, { list: contents }, parentOrdinal, index, level - 1)
      else this.addRow(table, contents, parentOrdinal, index, level)
    }
  }

  private addTapeItems(table: TableNode, list: number, parentOrdinal: number, level: number): void {
    const { ends } = this.scanner.tape
    const end = ends[list] ?? 0
    let index = 0
    for (let item = list + 1; item < end; item = ends[item] ?? end) {
      this.addRow(table, item, parentOrdinal, index, level)
      index++
    }
  }

  private addScalarItem(table: TableNode, item: unknown, parentOrdinal: number, index: number): void {
    const ordinal = this.beginRow(table, parentOrdinal, index)
    this.addValue(table.fields.field('value'), item, ordinal, 0)
    if (this.keepsText !== undefined) this.keepText(table, { value: item }, ordinal)
    table.rows.end()
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

/** Whether somebody has added to the prototype of all objects what a loop over their keys meets. */
function objectsInheritKeys(): boolean {
  for (const _ in Object.prototype) return true
  return false
}

/** The document as an object: what is none becomes the field `value`. */
function rootObject(item: unknown): object {
  const contents = typeof item === 'object' && item !== null ? contentsOf(item) : undefined
  return contents === undefined || Array.isArray(contents) ? { value: item } : contents
}

/** The fields or items of an object that has some; undefined for one that is a scalar (a date, a decimal, ...). */
function contentsOf(item: object): object | undefined {
  if (Array.isArray(item) || isPlainObject(item)) return item
  const foreign = readForeignValue(item)
  if (foreign.is === 'object' || foreign.is === 'list') return foreign.value
  const replaced = foreign.is === 'value' ? foreign.value : undefined
  return typeof replaced === 'object' && replaced !== null ? contentsOf(replaced) : undefined
}
