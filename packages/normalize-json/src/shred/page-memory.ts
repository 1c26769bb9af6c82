import type { ColumnPart, Page } from '../page/page.ts'

/** Bytes below which memory is not worth keeping. */
const smallest = 4096
const alignment = 8

/**
 * Memory of a page that nobody needs any more, for the pages to come: to touch new memory for the first time costs more than to fill it, and
 * memory outside of the heap makes the garbage collector run. At most the memory of one page waits here, of whatever table. It is not cleared.
 */
export class PageMemory {
  /** Ascending by size. */
  private free: ArrayBuffer[] = []

  /** Room for so many bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.take(length), 0, length)
  }

  /** Room for so many 32-bit integers. */
  integers(length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.take(length * Int32Array.BYTES_PER_ELEMENT), 0, length)
  }

  /** Room for so many doubles. */
  doubles(length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.take(length * Float64Array.BYTES_PER_ELEMENT), 0, length)
  }

  /** Takes the memory of a page, of which nothing may be used from now on. What is left of the page before is given up. */
  release({ tables }: Page): void {
    const views = tables.flatMap(({ parents, listIndices, columns }) => [
      ...[parents, listIndices].filter((rows) => rows !== undefined),
      ...columns.flatMap((column) => (column === undefined ? [] : columnViews(column))),
    ])
    const buffers = new Set(views.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer))
    this.free = [...buffers]
      .filter(({ byteLength }) => byteLength >= smallest && byteLength % alignment === 0)
      .sort((left, right) => left.byteLength - right.byteLength)
  }

  private take(byteLength: number): ArrayBuffer {
    const index = byteLength < smallest ? -1 : this.free.findIndex((buffer) => buffer.byteLength >= byteLength)
    const fitting = this.free[index]
    // What is much larger is for a larger column.
    if (fitting === undefined || fitting.byteLength > byteLength * 2) {
      return new ArrayBuffer(Math.ceil(byteLength / alignment) * alignment)
    }
    this.free.splice(index, 1)
    return fitting
  }
}

function columnViews({ ordinals, values }: ColumnPart): readonly ArrayBufferView[] {
  const packed = ArrayBuffer.isView(values) ? [values] : [values.offsets, values.bytes]
  return ordinals === undefined ? packed : [ordinals, ...packed]
}
