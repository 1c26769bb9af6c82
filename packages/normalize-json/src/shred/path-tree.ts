import { DltError } from '@dlt/schema'
import {
  BinaryWriter,
  BoolWriter,
  DateWriter,
  Int64Writer,
  NullWriter,
  NumberWriter,
  StringWriter,
} from './column-writer.ts'
import type { PageMemory } from './page-memory.ts'
import { RowCollector } from './row-collector.ts'

/*
 * What is remembered of the paths of documents: tables have objects, objects have fields, and fields lead to the objects
 * and tables below them. Finding the place of a value is following the path; nothing is made anew for a path known already.
 */

/** Where the rows of a table stand in documents. */
export interface ListPath {
  /** Where the rows stand that hold the lists; undefined for documents themselves. */
  readonly parent: ListPath | undefined
  /** Raw keys from such a row to the list; empty for documents. */
  readonly path: readonly string[]
}

/** Answers whether the rows of a list are kept as text, too; see `ShredderOptions.keepsText`. */
export type KeepsText = (list: ListPath) => boolean

/** Answers whether objects and lists at a path stay JSON; see `ShredderOptions.keepsJson`. */
export type KeepsJson = (list: ListPath, columnPath: readonly string[]) => boolean

/** The most keys that a table takes over all its documents: beyond what any destination can hold as columns. */
export const mostKeys = 20_000

/** The documents, or the items of lists at one path. */
export class TableNode implements ListPath {
  readonly rows: RowCollector
  readonly parent: TableNode | undefined
  readonly path: readonly string[]
  readonly fields: ObjectNode
  private readonly rootName: string | undefined
  private keyCount = 0
  private texts: StringWriter | undefined

  constructor(
    parent: TableNode | undefined,
    path: readonly string[],
    memory: PageMemory,
    rootName: string | undefined = parent?.rootName,
  ) {
    this.rows = new RowCollector(parent?.rows, path, memory)
    this.parent = parent
    this.path = path
    this.rootName = rootName
    this.fields = new ObjectNode(this, [])
  }

  /** Keeps the text of a row. */
  addRowText(ordinal: number, text: string): void {
    this.texts ??= new StringWriter(this.rows, [], 'json')
    this.texts.push(ordinal, text)
  }

  /**
   * Counts a key that was not seen before.
   * @throws DltError `DATA` when there are too many
   */
  countKey(): void {
    this.keyCount++
    if (this.keyCount <= mostKeys) return
    const lists = fullPath(this)
    const where = lists.length === 0 ? '' : ` in the lists at ${JSON.stringify(lists.join('.').slice(0, 200))}`
    const table = this.rootName === undefined ? '' : ` for table "${this.rootName}"`
    throw new DltError(
      `The items${table} hold${where} more than ${mostKeys.toLocaleString('en')} different keys, each of which would be a column. Where keys are data, yield a list of objects such as { key, value } instead, or declare the column that holds them with data_type "json".`,
      { code: 'DATA' },
    )
  }
}

/** All raw keys from the document to a list, over all levels. */
function fullPath({ parent, path }: ListPath): readonly string[] {
  return parent === undefined ? path : [...fullPath(parent), ...path]
}

/** The objects at one path. */
export class ObjectNode {
  readonly table: TableNode
  readonly path: readonly string[]
  /** The field that the last object began with: the next one probably does too. */
  first: FieldNode | undefined
  private readonly fields = new Map<string, FieldNode>()

  constructor(table: TableNode, path: readonly string[]) {
    this.table = table
    this.path = path
  }

  /** The field of a key. */
  field(key: string): FieldNode {
    let field = this.fields.get(key)
    if (field === undefined) {
      this.table.countKey()
      field = new FieldNode(this.table, [...this.path, key], key)
      this.fields.set(key, field)
    }
    return field
  }

  /** The field of a key that comes after `previous`: mostly the one that did so in the last object. */
  after(previous: FieldNode | undefined, key: string): FieldNode {
    const foreseen = previous === undefined ? this.first : previous.next
    return foreseen !== undefined && foreseen.key === key ? foreseen : this.follow(previous, key)
  }

  /** The field of a key that is not the one foreseen after `previous`, and foreseen there from now on. */
  follow(previous: FieldNode | undefined, key: string): FieldNode {
    const field = this.field(key)
    if (previous === undefined) this.first = field
    else previous.next = field
    return field
  }
}

// Quotation marks, backslashes, control characters and halves of surrogate pairs.
const needsEscapes = /["\\\p{Cc}\p{Cs}]/u

const index = /^\d+$/

/** The values at one path, by kind. */
export class FieldNode {
  readonly key: string
  /** The key as it stands in JSON text; undefined when that needs escapes. */
  readonly keyBytes: Uint8Array | undefined
  /** Whether the key is one of those that come first in objects, in the order of their numbers. */
  readonly isIndex: boolean
  /** The number of the last object of JSON text that had the key. */
  metIn = 0
  /** The field that followed this one in the last object. */
  next: FieldNode | undefined = undefined
  private readonly path: readonly string[]
  private readonly table: TableNode
  private text: StringWriter | undefined = undefined
  private integer: NumberWriter | undefined = undefined
  private double: NumberWriter | undefined = undefined
  private bool: BoolWriter | undefined = undefined
  private nulls: NullWriter | undefined = undefined
  private strings: { readonly [kind in StringKind]: StringWriter } | undefined = undefined
  private integers: { readonly [kind in Int64Kind]: Int64Writer } | undefined = undefined
  private dates: DateWriter | undefined = undefined
  private bytes: BinaryWriter | undefined = undefined
  private object: ObjectNode | undefined = undefined
  private list: TableNode | undefined = undefined
  private json: boolean | undefined = undefined

  constructor(table: TableNode, path: readonly string[], key: string) {
    this.table = table
    this.path = path
    this.key = key
    this.keyBytes = needsEscapes.test(key) ? undefined : Buffer.from(key, 'utf8')
    this.isIndex = index.test(key)
  }

  addText(ordinal: number, value: string): void {
    if (this.text === undefined) this.text = new StringWriter(this.table.rows, this.path, 'text')
    this.text.push(ordinal, value)
  }

  /** Adds a text that is well-formed UTF-8. */
  addTextBytes(ordinal: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.text === undefined) this.text = new StringWriter(this.table.rows, this.path, 'text')
    this.text.pushBytes(ordinal, bytes, start, end)
  }

  addInteger(ordinal: number, value: number): void {
    if (this.integer === undefined) this.integer = new NumberWriter(this.table.rows, this.path, 'integer')
    this.integer.push(ordinal, value)
  }

  addDouble(ordinal: number, value: number): void {
    if (this.double === undefined) this.double = new NumberWriter(this.table.rows, this.path, 'double')
    this.double.push(ordinal, value)
  }

  addBool(ordinal: number, value: boolean): void {
    if (this.bool === undefined) this.bool = new BoolWriter(this.table.rows, this.path)
    this.bool.push(ordinal, value)
  }

  addNull(ordinal: number): void {
    if (this.nulls === undefined) this.nulls = new NullWriter(this.table.rows, this.path)
    this.nulls.push(ordinal)
  }

  /** Adds a null in the place of a value that no column can hold: NaN, an infinity, an invalid date. */
  addLost(ordinal: number): void {
    if (this.nulls === undefined) this.nulls = new NullWriter(this.table.rows, this.path)
    this.nulls.pushLost(ordinal)
  }

  /** Adds digits or JSON text. */
  addString(kind: StringKind, ordinal: number, value: string): void {
    if (this.strings === undefined) {
      const writer = (of: StringKind): StringWriter => new StringWriter(this.table.rows, this.path, of)
      this.strings = { json: writer('json'), wei: writer('wei'), decimal: writer('decimal') }
    }
    this.strings[kind].push(ordinal, value)
  }

  addInt64(kind: Int64Kind, ordinal: number, value: bigint): void {
    if (this.integers === undefined) {
      const writer = (of: Int64Kind): Int64Writer => new Int64Writer(this.table.rows, this.path, of)
      this.integers = { bigint: writer('bigint'), timestamp: writer('timestamp'), time: writer('time') }
    }
    this.integers[kind].push(ordinal, value)
  }

  addDate(ordinal: number, days: number): void {
    if (this.dates === undefined) this.dates = new DateWriter(this.table.rows, this.path)
    this.dates.push(ordinal, days)
  }

  addBinary(ordinal: number, value: Uint8Array): void {
    if (this.bytes === undefined) this.bytes = new BinaryWriter(this.table.rows, this.path)
    this.bytes.push(ordinal, value)
  }

  /** Where the fields of objects at this path are. */
  get objects(): ObjectNode {
    if (this.object === undefined) this.object = new ObjectNode(this.table, this.path)
    return this.object
  }

  /** Where the items of lists at this path go. */
  get items(): TableNode {
    if (this.list === undefined) this.list = new TableNode(this.table, this.path, this.table.rows.memory)
    return this.list
  }

  /** Whether objects and lists at this path stay JSON; asked once. */
  keepsJson(ask: KeepsJson | undefined): boolean {
    if (this.json === undefined) this.json = ask?.(this.table, this.path) ?? false
    return this.json
  }
}

type StringKind = 'json' | 'wei' | 'decimal'
type Int64Kind = 'bigint' | 'timestamp' | 'time'
