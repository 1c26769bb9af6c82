import type { ItemContract } from './item-contract.ts'

/** Checks items with a schema. */
export interface ItemValidator {
  /**
   * The item as the schema gives it, or a promise of it; undefined where the contract discards the item.
   * @param contract what becomes of items that do not fit. Default: they are errors
   * @throws DltError `DATA` with the path of what is wrong, without the value
   * @throws DataValidationError where the contract freezes what is wrong
   */
  validate(item: unknown, contract?: ItemContract): unknown
}
