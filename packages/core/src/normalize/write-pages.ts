import { readFile } from 'node:fs/promises'
import { decodePage, normalizePage, type PageFindings } from '@dlt/normalize-json'
import type { WriteTask, WrittenPages } from './normalize-task.ts'
import { TableFiles } from './table-files.ts'

/** Normalizes pages, one at a time, and writes the rows of each table to its own files. */
export async function writePages(task: WriteTask): Promise<WrittenPages> {
  const files = new TableFiles(task)
  const findings: PageFindings[] = []
  try {
    for (const path of task.pages) {
      const page = normalizePage(decodePage(await readFile(path)), task.plan, { loadId: task.loadId })
      for (const batch of page.batches) await files.write(batch)
      findings.push(page.findings)
    }
    return { files: await files.close(), findings }
  } catch (error) {
    await files.abort()
    throw error
  }
}
