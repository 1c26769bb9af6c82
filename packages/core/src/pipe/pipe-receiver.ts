import type { ItemReceiver } from '../items/item-receiver.ts'
import type { TextLines } from '../lines/text-lines.ts'
import type { PipeFlow } from './pipe-flow.ts'

/** The resource that an item comes from, and how far that has come. */
export interface ItemOrigin {
  readonly resource: string
  readonly flow: PipeFlow
}

/**
 * One place on the way of items. `add` and `drain` work without a promise for the usual item: only where `add` says true must
 * `drain` be awaited before the next item. Who hands items on does so one after another; where several do, a `Junction` is between.
 */
export interface PipeReceiver extends ItemReceiver {
  /**
   * Takes an item, as every receiver does.
   * @param origin where it comes from, for the first receiver of a transformer
   */
  add(item: unknown, origin?: ItemOrigin): boolean
  /** The items that follow were yielded together. */
  beginPage(): void
  /**
   * All items of the page were added.
   * @param isEmpty whether there was none when the page came; one whose items steps let not pass is another matter
   */
  endPage(isEmpty: boolean): void
  /** No more items come: waits for those that are still on their way, and hands the end on. */
  finish(): Promise<void>
}

/** Where the items of a resource end. */
export interface PipeSink extends ItemReceiver {
  /** No more items come. */
  finish(): Promise<void>
  /** Takes JSON text as it is, in place of its items. Absent where items must be looked at. */
  takeText?(lines: TextLines): Promise<void>
}
