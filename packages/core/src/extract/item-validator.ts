/** Checks items with a schema. */
export interface ItemValidator {
  /**
   * The item as the schema gives it, or a promise of it.
   * @throws DltError `DATA` with the path of what is wrong, without the value
   */
  validate(item: unknown): unknown
}
