import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filePieces, flushedBy } from '../src/jobs/file-pieces.ts'

const pieceBytes = 256 * 1024

/** Bytes of which no two pieces are alike. */
const contentOf = (size: number): Buffer => {
  const content = Buffer.alloc(size)
  for (let index = 0; index + 4 <= size; index += 4) content.writeUInt32LE(index, index)
  return content
}

describe('pieces of a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-pieces-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const opened = async (content: Uint8Array) => {
    const path = join(folder, 'file')
    await writeFile(path, content)
    return open(path)
  }

  test.each([0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 2 * pieceBytes, 5 * pieceBytes + 7])(
    'are the whole file of %i bytes, in two buffers',
    async (size) => {
      const content = contentOf(size)
      await using file = await opened(content)
      const memory = new Set<ArrayBufferLike>()
      const parts: Buffer[] = []
      for await (const piece of filePieces(file, async () => undefined)) {
        memory.add(piece.buffer)
        parts.push(Buffer.from(piece))
      }
      expect(Buffer.concat(parts).equals(content)).toBe(true)
      expect(memory.size).toBe(Math.min(2, Math.ceil(size / pieceBytes)))
    },
  )

  test('wait for their buffer until what was sent is flushed', async () => {
    await using file = await opened(contentOf(4 * pieceBytes))
    const gates: (() => void)[] = []
    const pieces = filePieces(file, () => new Promise((resolve) => gates.push(resolve)))
    await pieces.next()
    await pieces.next()
    let isRead = false
    const third = pieces.next().then(() => {
      isRead = true
    })
    await wait(20)
    expect(isRead).toBe(false)
    gates[0]?.()
    await third
    expect(isRead).toBe(true)
  })

  test('end where the file has become shorter', async () => {
    await using file = await opened(contentOf(3 * pieceBytes))
    const pieces = filePieces(file, async () => undefined)
    await pieces.next()
    await writeFile(join(folder, 'file'), '')
    expect(await pieces.next()).toEqual({ done: true, value: undefined })
  })

  test('arrive as they are at somebody who reads slowly', async () => {
    const content = contentOf(40 * pieceBytes + 3)
    await using file = await opened(content)
    const server = createServer()
    const received = new Promise<Buffer>((resolve) => {
      server.once('connection', (socket) => {
        socket.pause()
        setTimeout(() => resolve(buffer(socket)), 50)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new TypeError('The server has a port.')
    const socket = connect(address.port, '127.0.0.1')
    await pipeline(
      filePieces(file, () => flushedBy(socket)),
      socket,
    )
    expect((await received).equals(content)).toBe(true)
    server.close()
  })

  test('are not waited for when the stream breaks', async () => {
    const broken = new Writable({ write: () => undefined })
    broken.on('error', () => undefined)
    const flushed = flushedBy(broken)
    broken.destroy(new Error('cut'))
    await flushed
    await flushedBy(broken)
    expect(broken.destroyed).toBe(true)
  })
})
