import type { FieldNode } from './path-tree.ts'

/** What an entry of a {@link DocumentTape} is. */
export const entryKind = {
  /** Bytes of the text, from `start` to `end`. */
  text: 0,
  /** A number in `numbers`. */
  number: 1,
  null: 2,
  false: 3,
  true: 4,
  /** A parsed value, at `start` in `values`. */
  value: 5,
  /** An object: its fields follow, up to `end`. */
  object: 6,
  /** A list of objects: its items follow, up to `end`; `start` is how many values there were before it. */
  list: 7,
  /** An object in a list: its fields follow, up to `end`. It has no field of its own. */
  item: 8,
} as const

const firstCapacity = 256

/**
 * The fields of one document in the order of its text, each with the place that it has in the tree of paths. Made without
 * objects and strings, and used again for every document.
 */
export class DocumentTape {
  /** What the texts are parts of. */
  text: Uint8Array = new Uint8Array()
  /** Entries so far. */
  length = 0
  readonly fields: (FieldNode | undefined)[] = []
  kinds: Uint8Array = new Uint8Array(firstCapacity)
  starts: Int32Array = new Int32Array(firstCapacity)
  ends: Int32Array = new Int32Array(firstCapacity)
  numbers: Float64Array = new Float64Array(firstCapacity)
  readonly values: unknown[] = []

  /** Begins a document of a text. */
  clear(text: Uint8Array): void {
    this.text = text
    this.length = 0
    this.values.length = 0
  }

  /** Adds an entry and returns where it is. */
  add(field: FieldNode | undefined, kind: number, start: number, end: number): number {
    const index = this.length
    if (index === this.kinds.length) this.grow()
    this.fields[index] = field
    this.kinds[index] = kind
    this.starts[index] = start
    this.ends[index] = end
    this.length = index + 1
    return index
  }

  /** Adds a number. */
  addNumber(field: FieldNode, number: number): void {
    const index = this.add(field, entryKind.number, 0, 0)
    this.numbers[index] = number
  }

  /** Adds a value that was parsed. */
  addValue(field: FieldNode, value: unknown): void {
    this.add(field, entryKind.value, this.values.push(value) - 1, 0)
  }

  /** Adds a list of objects, whose items are added next, and returns where it is. */
  addList(field: FieldNode): number {
    return this.add(field, entryKind.list, this.values.length, 0)
  }

  /** Takes back a list and everything that was added since. */
  takeBack(list: number): void {
    this.values.length = this.starts[list] ?? 0
    this.length = list
  }

  /** Notes that everything added since is inside of an object, a list or an item. */
  close(index: number): void {
    this.ends[index] = this.length
  }

  private grow(): void {
    const { kinds, starts, ends, numbers } = this
    const capacity = kinds.length * 2
    this.kinds = new Uint8Array(capacity)
    this.starts = new Int32Array(capacity)
    this.ends = new Int32Array(capacity)
    this.numbers = new Float64Array(capacity)
    this.kinds.set(kinds)
    this.starts.set(starts)
    this.ends.set(ends)
    this.numbers.set(numbers)
  }
}
