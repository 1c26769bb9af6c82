import { rowDocument } from '@dlt/normalize-json'
import { DltError, rejectedTable, rejectedTableName } from '@dlt/schema'
import type { DiscardedItem } from '../items/item-contract.ts'
import { withoutSecrets } from '../runtime/known-secrets.ts'
import { TablePages } from './table-pages.ts'
import type { TableTarget } from './table-router.ts'

/** Keeps items that did not fit the schema of their resource, as rows of the table for what contracts discard. */
export class ItemQuarantine {
  readonly #target: Pick<TableTarget, 'schema' | 'budget' | 'limits'>
  #pages: TablePages | undefined

  constructor(target: Pick<TableTarget, 'schema' | 'budget' | 'limits'>) {
    this.#target = target
  }

  /**
   * Adds an item as it came.
   * @returns a promise where something must be written before more is added
   */
  add(tableName: string, { entity, column, mode, reason, item }: DiscardedItem): Promise<void> | undefined {
    this.#pages ??= this.#open()
    const pages = this.#pages
    const { budget, schema } = this.#target
    const before = pages.measuredBytes
    pages.add({
      table_name: schema.naming.normalizeTableIdentifier(tableName),
      ...(column !== '' && { column_name: column }),
      entity,
      mode,
      ...keptDocument(item, reason),
    })
    budget.grow(pages.measuredBytes - before)
    return pages.isFull || budget.isFull ? budget.writeFull() : undefined
  }

  /** Writes whatever is waiting. */
  async finish(): Promise<void> {
    if (this.#pages !== undefined) await this.#target.budget.write(this.#pages)
  }

  #open(): TablePages {
    const { schema, budget, limits } = this.#target
    const table = rejectedTable(schema.naming)
    schema.addTable(table)
    const pages = new TablePages(table.name, { maxNesting: 1, tableName: rejectedTableName }, limits)
    budget.open(pages)
    return pages
  }
}

interface KeptDocument {
  readonly reason: string
  readonly document?: string
}

// An item that no table could take must not make the extract fail that leaves it out.
function keptDocument(item: unknown, reason: string): KeptDocument {
  try {
    return { reason, document: withoutSecrets(rowDocument(item)) }
  } catch (error) {
    if (!DltError.is(error)) throw error
    return { reason: `${reason} It is not kept: ${withoutSecrets(error.message)}` }
  }
}
