import type { FileHandle } from 'node:fs/promises'

/** Writes bytes at a file's current position, completely or with an error of the file system. */
export async function writeParts(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = parts.filter((part) => part.byteLength > 0)
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left)
    left = withoutBytes(left, bytesWritten)
  }
}

function withoutBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count
  const rest: Uint8Array[] = []
  for (const part of parts) {
    if (left >= part.byteLength) left -= part.byteLength
    else {
      rest.push(left === 0 ? part : part.subarray(left))
      left = 0
    }
  }
  return rest
}
