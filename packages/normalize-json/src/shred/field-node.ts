import {
  BinaryWriter,
  BoolWriter,
  DateWriter,
  Int64Writer,
  NullWriter,
  NumberWriter,
  StringWriter,
} from './column-writer.ts'
import { ObjectNode } from './object-node.ts'
import { TableNode } from './table-node.ts'

/** Answers whether objects and lists at a path stay JSON; see `ShredderOptions.keepsJson`. */
export type KeepsJson = (tablePath: readonly string[], columnPath: readonly string[]) => boolean

/** What is known of one key at one path: a column writer per kind of value, and where objects and lists lead. */
export class FieldNode {
  readonly key: string
  readonly path: readonly string[]
  /** The field that followed this one in the last object. */
  next: FieldNode | undefined = undefined
  readonly table: TableNode
  private readonly writers = {
    text: undefined as StringWriter | undefined,
    integer: undefined as NumberWriter | undefined,
    double: undefined as NumberWriter | undefined,
    bool: undefined as BoolWriter | undefined,
    null: undefined as NullWriter | undefined,
    json: undefined as StringWriter | undefined,
    bigint: undefined as Int64Writer | undefined,
    wei: undefined as StringWriter | undefined,
    decimal: undefined as StringWriter | undefined,
    timestamp: undefined as Int64Writer | undefined,
    date: undefined as DateWriter | undefined,
    time: undefined as Int64Writer | undefined,
    binary: undefined as BinaryWriter | undefined,
  }
  private object: ObjectNode | undefined = undefined
  private list: TableNode | undefined = undefined
  private json: boolean | undefined = undefined

  constructor(table: TableNode, path: readonly string[], key: string) {
    this.table = table
    this.path = path
    this.key = key
  }

  get text(): StringWriter {
    return (this.writers.text ??= new StringWriter(this.table, this.path, 'text'))
  }

  get integer(): NumberWriter {
    return (this.writers.integer ??= new NumberWriter(this.table, this.path, 'integer'))
  }

  get double(): NumberWriter {
    return (this.writers.double ??= new NumberWriter(this.table, this.path, 'double'))
  }

  get bool(): BoolWriter {
    return (this.writers.bool ??= new BoolWriter(this.table, this.path))
  }

  get null(): NullWriter {
    return (this.writers.null ??= new NullWriter(this.table, this.path))
  }

  get jsonText(): StringWriter {
    return (this.writers.json ??= new StringWriter(this.table, this.path, 'json'))
  }

  get bigint(): Int64Writer {
    return (this.writers.bigint ??= new Int64Writer(this.table, this.path, 'bigint'))
  }

  get wei(): StringWriter {
    return (this.writers.wei ??= new StringWriter(this.table, this.path, 'wei'))
  }

  get decimal(): StringWriter {
    return (this.writers.decimal ??= new StringWriter(this.table, this.path, 'decimal'))
  }

  get timestamp(): Int64Writer {
    return (this.writers.timestamp ??= new Int64Writer(this.table, this.path, 'timestamp'))
  }

  get date(): DateWriter {
    return (this.writers.date ??= new DateWriter(this.table, this.path))
  }

  get time(): Int64Writer {
    return (this.writers.time ??= new Int64Writer(this.table, this.path, 'time'))
  }

  get binary(): BinaryWriter {
    return (this.writers.binary ??= new BinaryWriter(this.table, this.path))
  }

  /** Where the fields of objects at this path are. */
  get objectNode(): ObjectNode {
    return (this.object ??= new ObjectNode(this.table, this.path))
  }

  /** Where the items of lists at this path go. */
  get listNode(): TableNode {
    return (this.list ??= new TableNode(this.table, this.path))
  }

  /** Whether objects and lists at this path stay JSON; asked once. */
  keepsJson(ask: KeepsJson | undefined): boolean {
    return (this.json ??= ask?.(this.table.fullPath, this.path) ?? false)
  }
}
