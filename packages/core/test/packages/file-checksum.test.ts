import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileChecksum } from '../../src/packages/file-checksum.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const pieceBytes = 1 << 18

test.for([0, 1, 1000, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes, 3 * pieceBytes + 7])(
  'the checksum of a file of %d bytes is that of its content',
  async (bytes) => {
    using folder = new TemporaryDirectory()
    const content = Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => index * 31 + (index >> 8)))
    writeFileSync(folder.in('file'), content)
    expect(await fileChecksum(folder.in('file'))).toBe(hash('sha256', content))
  },
)

test('a file that is not there has none', async () => {
  using folder = new TemporaryDirectory()
  await expect(fileChecksum(folder.in('file'))).rejects.toMatchObject({ code: 'ENOENT' })
})
