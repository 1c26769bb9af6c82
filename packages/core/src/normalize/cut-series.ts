import { isDeepStrictEqual } from 'node:util'
import type { FileFormat } from '@dlt/destination'
import { type NormalizationPlan, plansAgree } from '@dlt/normalize-json'
import type { EarlyFiles } from './head-start/table-head-start.ts'
import type { PageFile } from './normalize-task.ts'
import { splitTasks } from './split-tasks.ts'

/** Consecutive pages of a table whose rows go into files of their own. */
export interface SeriesPart {
  readonly pages: readonly PageFile[]
  /** Files that were written of exactly these pages before, as they would be now. */
  readonly early?: EarlyFiles
}

/** What decides whether early files can be taken as they are. */
export interface SeriesDecision {
  readonly plan: NormalizationPlan
  readonly formats: ReadonlyMap<string, FileFormat>
}

/** Cuts the pages of a table into parts: those that early files were rightly made of, and what is left, for a number of threads. */
export function cutSeries(
  pages: readonly PageFile[],
  early: readonly EarlyFiles[],
  decision: SeriesDecision,
  threads: number,
): readonly SeriesPart[] {
  const parts: SeriesPart[] = []
  let done = 0
  const split = (end: number): void => {
    for (const task of splitTasks(pages.slice(done, end), threads)) parts.push({ pages: task })
  }
  for (const files of early) {
    if (!isUsable(files, pages, decision)) continue
    split(files.position)
    parts.push({ pages: files.pages, early: files })
    done = files.position + files.pages.length
  }
  split(pages.length)
  return parts
}

function isUsable(
  { pages: of, position, plan, formats }: EarlyFiles,
  pages: readonly PageFile[],
  decision: SeriesDecision,
): boolean {
  // The very same pages: text that was taken apart anew, by a schema that changed, gives others.
  if (of.some((page, index) => pages[position + index] !== page)) return false
  const names = new Set(plan.tables.map(({ name }) => name))
  const decided = new Map([...decision.formats].filter(([name]) => names.has(name)))
  if (!isDeepStrictEqual(new Map(formats), decided)) return false
  return plansAgree(
    plan,
    decision.plan,
    of.map(({ summary }) => summary),
  )
}
