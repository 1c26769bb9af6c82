import { truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FileMemory } from '../../src/normalize/file-memory.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const mebibyte = 1024 * 1024

/** Writes a file of so many bytes of one value, and says where. */
const fileOf = (folder: TemporaryDirectory, bytes: number, value: number): string => {
  const path = folder.in(`${value}`)
  writeFileSync(path, Buffer.alloc(bytes, value))
  return path
}

const sameBytes = (bytes: Uint8Array, length: number, value: number): boolean =>
  Buffer.alloc(length, value).equals(bytes)

describe('memory of files', () => {
  test.each([0, 1, 1000, mebibyte, mebibyte + 1, 9 * mebibyte])('holds a file of %i bytes', async (size) => {
    using folder = new TemporaryDirectory()
    using memory = new FileMemory()
    const bytes = await memory.read(fileOf(folder, size, 7))
    expect(sameBytes(bytes, size, 7)).toBe(true)
    expect(bytes.byteOffset % 8).toBe(0)
  })

  test('is not used for a second file before it is let go', async () => {
    using folder = new TemporaryDirectory()
    using memory = new FileMemory()
    using other = new FileMemory()
    const first = await memory.read(fileOf(folder, 3 * mebibyte, 1))
    const [second, third] = await Promise.all([
      memory.read(fileOf(folder, 3 * mebibyte, 2)),
      other.read(fileOf(folder, mebibyte, 3)),
    ])
    expect(sameBytes(first, 3 * mebibyte, 1)).toBe(true)
    expect(sameBytes(second, 3 * mebibyte, 2)).toBe(true)
    expect(sameBytes(third, mebibyte, 3)).toBe(true)
  })

  test('serves the next file, whatever the one before left in it', async () => {
    using folder = new TemporaryDirectory()
    const large = fileOf(folder, 5 * mebibyte, 1)
    const small = fileOf(folder, 4 * mebibyte + 5, 2)
    const before = new FileMemory()
    const { buffer } = await before.read(large)
    before[Symbol.dispose]()
    using memory = new FileMemory()
    const bytes = await memory.read(small)
    expect(bytes.buffer).toBe(buffer)
    expect(sameBytes(bytes, 4 * mebibyte + 5, 2)).toBe(true)
  })

  test('is kept up to 40 MiB', async () => {
    using folder = new TemporaryDirectory()
    const path = fileOf(folder, 15 * mebibyte, 1)
    const before = new FileMemory()
    const read = await Promise.all([before.read(path), before.read(path), before.read(path)])
    const buffers = new Set(read.map(({ buffer }) => buffer))
    expect(buffers.size).toBe(3)
    before[Symbol.dispose]()
    using memory = new FileMemory()
    const again = await Promise.all([memory.read(path), memory.read(path), memory.read(path)])
    expect(again.filter(({ buffer }) => buffers.has(buffer)).length).toBe(2)
  })

  test('is let go where a file is not there', async () => {
    using folder = new TemporaryDirectory()
    using memory = new FileMemory()
    await expect(memory.read(folder.in('missing'))).rejects.toMatchObject({ code: 'ENOENT' })
    const path = fileOf(folder, 10, 1)
    truncateSync(path)
    expect((await memory.read(path)).length).toBe(0)
  })
})
