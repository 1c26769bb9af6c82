import { type FileHandle, open } from 'node:fs/promises'

/** Bytes, at most, that wait for the next files: about the pages of one task. */
const mostKept = 40 * 1024 * 1024

/** Sizes of files differ a little: memory is taken in steps, so that that of one file does for the next. */
const step = 1024 * 1024

/** Memory of this thread that nobody uses now. What was used last is last. */
const free: Buffer[] = []

/**
 * Reads files into memory that serves again. New memory for each file would make the engine look for garbage, and the kernel look for
 * pages, which takes as long as reading the file.
 */
export class FileMemory implements Disposable {
  readonly #taken: Buffer[] = []

  /**
   * The bytes of a file. They are good until this is disposed of, and begin where values of any width may begin.
   * @throws the error of the file system when the file cannot be read
   */
  async read(path: string): Promise<Uint8Array> {
    await using file = await open(path)
    const { size } = await file.stat()
    const memory = takeMemory(size)
    this.#taken.push(memory)
    return memory.subarray(0, await fill(memory, file, size))
  }

  [Symbol.dispose](): void {
    free.push(...this.#taken.splice(0))
    let kept = free.reduce((sum, { length }) => sum + length, 0)
    while (kept > mostKept) kept -= free.shift()?.length ?? 0
  }
}

function takeMemory(size: number): Buffer {
  const index = free.findIndex(({ length }) => length >= size)
  const [fitting] = index === -1 ? [] : free.splice(index, 1)
  return fitting ?? Buffer.allocUnsafeSlow(size < step ? size : Math.ceil(size / step) * step)
}

/** Reads a file of a size to its end, and says how many bytes there were. */
async function fill(memory: Buffer, file: FileHandle, size: number): Promise<number> {
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(memory, length, size - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}
