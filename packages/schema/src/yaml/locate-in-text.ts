import type { Node } from 'yaml'
import { yaml } from './yaml-library.ts'

/** A place in a text; both count from 1. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/**
 * Where a path of a schema document stands in its text, YAML or JSON.
 *
 * @param path keys and positions after slashes, as errors name them: `/tables/orders/columns/id`
 * @returns undefined where the text has no such path
 */
export function locateInSchemaText(text: string, path: string): TextPosition | undefined {
  const { LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  const { contents } = parseDocument(text, { schema: 'failsafe', version: '1.1', lineCounter: lines })
  let value: unknown = contents
  let place: unknown = contents
  for (const step of path.split('/').slice(1)) {
    const found = child(value, step)
    if (found === undefined) return undefined
    place = found.place
    value = found.value
  }
  const start = isNode(place) ? place.range?.[0] : undefined
  if (start === undefined) return undefined
  const { line, col } = lines.linePos(start)
  return { line, column: col }
}

function child(node: unknown, step: string): { readonly place: unknown; readonly value: unknown } | undefined {
  const { isMap, isScalar, isSeq } = yaml()
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return item === undefined ? undefined : { place: item, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
  return pair === undefined ? undefined : { place: pair.key, value: pair.value }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value
}
