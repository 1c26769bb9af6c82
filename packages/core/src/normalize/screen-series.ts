import { type NormalizationPlan, type PageRejection, type PlanInput, Screening } from '@dlt/normalize-json'
import type { PageFile, TaskRunner } from './normalize-task.ts'
import { settleAll } from './settle-all.ts'
import { splitTasks } from './split-tasks.ts'

/** How a series of pages is screened. */
export interface ScreenInput extends Omit<PlanInput, 'summaries' | 'decided' | 'refuse'> {
  readonly pages: readonly PageFile[]
  readonly runner: TaskRunner
  /** Threads that share the work. */
  readonly threads: number
  /** Folder for pages without the rows that are discarded. */
  readonly scratchDirectory: string
  /** Whether rows that are discarded are kept as documents. */
  readonly quarantines: boolean
}

/** A plan that is final, with the pages that it is for. */
export interface ScreenedSeries {
  readonly plan: NormalizationPlan
  readonly pages: readonly PageFile[]
  /** The rows that were discarded before. */
  readonly rejections: readonly PageRejection[]
  /** The same rows as pages of documents. */
  readonly quarantined: readonly PageFile[]
}

/**
 * Plans the pages of one root table. Where contracts discard rows, pages are read before, once for each level of tables that may lose
 * some; otherwise their summaries are all that is needed.
 *
 * @throws DataValidationError for a new table or column that a contract freezes
 */
export async function screenSeries({
  pages,
  runner,
  threads,
  scratchDirectory,
  quarantines,
  ...input
}: ScreenInput): Promise<ScreenedSeries> {
  const screening = new Screening(input)
  const rejections: PageRejection[] = []
  const quarantined: PageFile[] = []
  let left = pages
  for (;;) {
    const { plan, tables } = screening.next(left.map(({ summary }) => summary))
    if (tables.size === 0) return { plan, pages: left, rejections, quarantined }
    const sieved = await settleAll(
      splitTasks(left, threads).map((part) =>
        runner.sieve({ kind: 'sieve', pages: part, plan, tables, scratchDirectory, quarantines }),
      ),
    )
    left = sieved.flatMap((part) => part.pages)
    rejections.push(...sieved.flatMap((part) => part.rejections))
    quarantined.push(...sieved.flatMap((part) => part.quarantined))
  }
}
