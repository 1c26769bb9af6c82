import { decodePage, normalizePage, type PageFindings } from '@dlt/normalize-json'
import { FileMemory } from './file-memory.ts'
import type { WriteTask, WrittenPages } from './normalize-task.ts'
import { QuarantinePages } from './quarantine-pages.ts'
import { TableFiles } from './table-files.ts'

/** Normalizes pages, one after another, and writes the rows of each table to its own files. All pages of the task lie in memory until then. */
export async function writePages(task: WriteTask): Promise<WrittenPages> {
  // The files take values from where they lie in the pages.
  using memory = new FileMemory()
  const files = new TableFiles(task)
  const findings: PageFindings[] = []
  const { quarantineDirectory } = task
  const quarantine = quarantineDirectory === undefined ? undefined : new QuarantinePages(quarantineDirectory)
  try {
    for (const path of task.pages) {
      const page = decodePage(await memory.read(path))
      const normalized = normalizePage(page, task.plan, { loadId: task.loadId })
      for (const batch of normalized.batches) await files.write(batch)
      findings.push(normalized.findings)
      quarantine?.add(page, task.plan, normalized.findings.rejections)
    }
    return { files: await files.close(), findings, quarantined: (await quarantine?.write()) ?? [] }
  } catch (error) {
    await files.abort()
    throw error
  }
}
