import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { hasChecksum } from '../../src/packages/file-checksum.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const pieceBytes = 1 << 18

const checksumOf = (content: Buffer): string => `crc32:${crc32(content).toString(16).padStart(8, '0')}`

test.for([0, 1, 1000, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes, 3 * pieceBytes + 7])(
  'a file of %d bytes has the checksum of its content, and no other',
  async (bytes) => {
    using folder = new TemporaryDirectory()
    const content = Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => index * 31 + (index >> 8)))
    writeFileSync(folder.in('file'), content)
    const longer = Buffer.concat([content, Buffer.alloc(1)])
    for (const algorithm of [checksumOf, (of: Buffer) => hash('sha256', of)]) {
      expect(await hasChecksum(folder.in('file'), algorithm(content))).toBe(true)
      expect(await hasChecksum(folder.in('file'), algorithm(longer))).toBe(false)
    }
  },
)

test('a file that is not there has none', async () => {
  using folder = new TemporaryDirectory()
  await expect(hasChecksum(folder.in('file'), checksumOf(Buffer.alloc(0)))).rejects.toMatchObject({ code: 'ENOENT' })
})
