import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeParts } from '@dlt/file-formats'
import { createShredder, pageParts, type Shredder, shredJsonLines } from '@dlt/normalize-json'
import { schemaNaming } from '@dlt/schema'
import { byteCount } from '../extract/package-file.ts'
import { shredderOptions } from '../extract/shredder-options.ts'
import { changeFile } from '../packages/file-failure.ts'
import { packageFileName } from '../packages/package-file-name.ts'
import type { PageFile, ShredTask } from './normalize-task.ts'

/**
 * Parses a file of JSON lines and writes its documents as one page. The page needs no fsync: it is made again when lost.
 * @throws DltError `DATA` naming the user's file and the line that is not JSON
 */
export async function shredText(task: ShredTask): Promise<readonly PageFile[]> {
  const naming = schemaNaming(task.schema, task.maxIdentifierLength)
  const shredder = createShredder(shredderOptions(task.schema, task.tableName, naming))
  shredJsonLines(await readFile(task.path), shredder, task.source)
  return [await writePage(shredder, task)]
}

async function writePage(shredder: Shredder, task: ShredTask): Promise<PageFile> {
  const page = shredder.takePage()
  const parts = pageParts(page)
  const path = join(task.scratchDirectory, packageFileName(task.tableName, 'page'))
  await changeFile(path, 'written', async () => {
    await using file = await open(path, 'wx')
    await writeParts(file, parts)
  })
  return { path, bytes: byteCount(parts), summary: page.summary }
}
