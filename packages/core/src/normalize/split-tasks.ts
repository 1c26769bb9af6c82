import type { PageFile } from './normalize-task.ts'

/**
 * Bytes of pages, at most, that go into one set of files: large enough for useful files, small enough to share out, and for
 * destinations that hold a file in memory while they load it.
 */
const largestTask = 36 * 1024 * 1024

/** Cuts the pages of a table into runs of consecutive pages, at least two for each thread where there are that many pages. */
export function splitTasks(pages: readonly PageFile[], threads: number): readonly (readonly PageFile[])[] {
  const total = pages.reduce((sum, page) => sum + page.bytes, 0)
  const target = Math.min(largestTask, total / (threads * 2))
  const tasks: PageFile[][] = []
  let filled = Number.POSITIVE_INFINITY
  for (const page of pages) {
    if (filled + page.bytes / 2 > target) {
      tasks.push([])
      filled = 0
    }
    tasks.at(-1)?.push(page)
    filled += page.bytes
  }
  return tasks
}
