import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createShredder,
  encodePage,
  type NormalizationPlan,
  type Page,
  type PageRejection,
  quarantinedRows,
  tablePositions,
} from '@dlt/normalize-json'
import { rejectedTableName } from '@dlt/schema'
import { changeFile } from '../packages/file-failure.ts'
import { packageFileName } from '../packages/package-file-name.ts'
import type { PageFile } from './normalize-task.ts'

/** Collects the rows that contracts rejected in some pages, as pages of the table that keeps them. */
export class QuarantinePages {
  readonly #shredder = createShredder({ maxNesting: 1, tableName: rejectedTableName })
  readonly #scratchDirectory: string

  /** @param scratchDirectory where the pages go; they need no fsync, since they are made again when lost */
  constructor(scratchDirectory: string) {
    this.#scratchDirectory = scratchDirectory
  }

  /** Adds what was rejected in a page. */
  add(page: Page, plan: NormalizationPlan, rejections: readonly PageRejection[]): void {
    const discarded = rejections.filter(({ mode }) => mode !== 'freeze')
    if (discarded.length === 0) return
    const places = new Map(tablePositions(page, plan).map((position, place) => [position, place]))
    for (const row of quarantinedRows(page, places, discarded)) this.#shredder.add(row)
  }

  /** Writes what was added; no page where there is nothing. */
  async write(): Promise<readonly PageFile[]> {
    if (this.#shredder.rowCount === 0) return []
    const page = this.#shredder.takePage()
    const content = encodePage(page)
    const path = join(this.#scratchDirectory, packageFileName(rejectedTableName, 'page'))
    await changeFile(path, 'written', () => writeFile(path, content))
    return [{ path, bytes: content.byteLength, summary: page.summary }]
  }
}
