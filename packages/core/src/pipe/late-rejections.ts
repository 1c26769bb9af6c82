import { isPromise } from '../items/item-kinds.ts'

/**
 * Lets promises that are awaited later reject before that: alone, or in a list. Each is still awaited when its turn comes, unless an
 * error came before.
 */
export function allowLateRejections(value: unknown): void {
  if (isPromise(value)) value.then(undefined, ignore)
  else if (Array.isArray(value)) for (const element of value) if (isPromise(element)) element.then(undefined, ignore)
}

function ignore(): void {}
