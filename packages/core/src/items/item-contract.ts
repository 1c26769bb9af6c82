import type { ContractMode } from '@dlt/schema'
import type { RejectedData } from './rejected-data.ts'

/** What of a contract is about items that a schema checks: fields it does not know, and values it refuses. */
export type ItemEntity = 'columns' | 'data_type'

/** An item, or a value of one, that was discarded. */
export interface DiscardedItem {
  readonly entity: ItemEntity
  /** The path in the item; empty for the item as a whole. */
  readonly column: string
  readonly mode: ContractMode
  readonly unit: 'rows' | 'values'
  /** A sentence without values. */
  readonly reason: string
  /** The item as it came. */
  readonly item: unknown
}

/** What becomes of items that do not fit the schema of their resource. */
export interface ItemContract {
  readonly schemaName: string
  readonly tableName: string
  readonly modes: Readonly<Record<ItemEntity, ContractMode>>
  /**
   * Notes an item, or a value of one, that was discarded.
   * @returns a promise where more may be noted only after it
   */
  note(discarded: DiscardedItem): Promise<void> | undefined
  /** What was discarded so far. */
  rejected(): readonly RejectedData[]
}
