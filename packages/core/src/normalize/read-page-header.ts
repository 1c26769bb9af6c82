import { open } from 'node:fs/promises'
import { type PageSummary, pageHeaderEnd, readPageSummary } from '@dlt/normalize-json'

/** Enough for the headers of most pages. */
const firstRead = 64 * 1024

/** Reads the summary of a page without its values. Throws a DltError `PACKAGE` when the page is damaged. */
export async function readPageHeader(path: string): Promise<PageSummary> {
  const file = await open(path, 'r')
  try {
    const start = Buffer.alloc(firstRead)
    const { bytesRead } = await file.read(start, 0, firstRead, 0)
    const end = pageHeaderEnd(start.subarray(0, bytesRead))
    if (end <= bytesRead) return readPageSummary(start.subarray(0, bytesRead))
    const header = Buffer.alloc(end)
    const { bytesRead: whole } = await file.read(header, 0, end, 0)
    return readPageSummary(header.subarray(0, whole))
  } finally {
    await file.close()
  }
}
