import { isEmptyTable, isMarkedItem, MarkedItem } from '../hints/marked-item.ts'
import type { PipeFlow } from './pipe-flow.ts'

/** Whether a value stands for something that steps do not see: an item with a mark, or an empty table. Cheap for the usual item. */
export function isMarker(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === Object.prototype) return false
  return isMarkedItem(value) || isEmptyTable(value)
}

/** What a step gave, without its mark, which goes on beside it in place of the one that the item had. */
export function withoutMark(value: unknown, flow: PipeFlow): unknown {
  if (!isMarker(value) || !isMarkedItem(value)) return value
  flow.mark = value.mark
  return value.item
}

/** An item as the end of a pipe takes it: with its mark, where that says something new. */
export function withMark(item: unknown, flow: PipeFlow): unknown {
  const { mark } = flow
  if (mark === undefined) return item
  // Hints of the resource hold from the first item of a page on: once is enough.
  const isKnown = flow.toldMark === mark && mark.kind === 'hints' && !mark.createTableVariant
  flow.toldMark = mark
  return isKnown ? item : new MarkedItem(item, mark)
}
