import { open } from 'node:fs/promises'

/** The memory of the text that this thread read last. */
let kept = Buffer.alloc(0)

/** Uses the bytes of a file. They are good until `use` returns: their memory serves for the next file. */
export async function withFileBytes<Result>(path: string, use: (bytes: Uint8Array) => Result): Promise<Result> {
  await using file = await open(path)
  const { size } = await file.stat()
  const memory = kept.length < size ? Buffer.allocUnsafeSlow(size) : kept
  // Nobody else may read into it meanwhile.
  kept = Buffer.alloc(0)
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(memory, length, size - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  const result = use(memory.subarray(0, length))
  kept = memory
  return result
}
