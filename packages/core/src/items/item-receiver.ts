/** Takes items as fast as it can and says when it is full. */
export interface ItemReceiver {
  /** Takes an item. True when {@link drain} must be awaited before the next one. */
  add(item: unknown): boolean
  /** Makes room: writes what was collected. */
  drain(): Promise<void>
  /** A page without any item was yielded. Absent where that means nothing. */
  emptyPage?(): void
}
