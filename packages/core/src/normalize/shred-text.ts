import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { writeParts } from '@dlt/file-formats'
import { pageParts, type Shredder, shredJsonLines } from '@dlt/normalize-json'
import { changeFile } from '../packages/file-failure.ts'
import { byteCount } from '../packages/package-file.ts'
import { packageFileName } from '../packages/package-file-name.ts'
import { FileMemory } from './file-memory.ts'
import { pageMemory, withShredder } from './kept-shredder.ts'
import type { PageFile, ShredTask } from './normalize-task.ts'

/**
 * Parses a file of JSON lines and writes its documents as one page. The page needs no fsync: it is made again when lost.
 * @throws DltError `DATA` naming the user's file and the line that is not JSON
 */
export async function shredText(task: ShredTask): Promise<readonly PageFile[]> {
  return withShredder(task, async (shredder) => {
    using memory = new FileMemory()
    shredJsonLines(await memory.read(task.path), shredder, task.source)
    return [await writePage(shredder, task)]
  })
}

async function writePage(shredder: Shredder, task: ShredTask): Promise<PageFile> {
  const page = shredder.takePage()
  const parts = pageParts(page)
  const path = join(task.scratchDirectory, packageFileName(task.tableName, 'page'))
  await changeFile(path, 'written', async () => {
    await using file = await open(path, 'wx')
    await writeParts(file, parts)
  })
  const written = { path, bytes: byteCount(parts), summary: page.summary }
  pageMemory.release(page)
  return written
}
