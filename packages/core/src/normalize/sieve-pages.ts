import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodePage, encodePage, type Page, type PageRejection, sievePage } from '@dlt/normalize-json'
import { changeFile } from '../packages/file-failure.ts'
import { packageFileName } from '../packages/package-file-name.ts'
import type { PageFile, SievedPages, SieveTask } from './normalize-task.ts'
import { QuarantinePages } from './quarantine-pages.ts'

/** Takes the rows out of pages that contracts discard; pages that lose some are written anew. */
export async function sievePages(task: SieveTask): Promise<SievedPages> {
  const pages: PageFile[] = []
  const rejections: PageRejection[] = []
  const quarantine = new QuarantinePages(task.scratchDirectory)
  for (const file of task.pages) {
    const page = decodePage(await readFile(file.path))
    const sieved = sievePage(page, task.plan, task.tables)
    if (sieved === undefined) {
      pages.push(file)
      continue
    }
    rejections.push(...sieved.rejections)
    if (task.quarantines) quarantine.add(page, task.plan, sieved.rejections)
    if (sieved.page !== undefined) pages.push(await writePage(sieved.page, task))
  }
  return { pages, rejections, quarantined: await quarantine.write() }
}

async function writePage(page: Page, { scratchDirectory, plan }: SieveTask): Promise<PageFile> {
  const content = encodePage(page)
  const path = join(scratchDirectory, packageFileName(plan.rootTable, 'page'))
  await changeFile(path, 'written', () => writeFile(path, content))
  return { path, bytes: content.byteLength, summary: page.summary }
}
