import type { Document, Node } from 'yaml'
import { DltError } from '../dlt-error.ts'
import type { OrderedJson } from '../json/json-reader.ts'
import { readPlainScalar } from './plain-scalars.ts'
import { yaml } from './yaml-library.ts'

function refuse(line: number, column: number, problem: string, cause?: unknown): never {
  throw new DltError(
    `The schema document is not valid YAML at line ${line}, column ${column}: ${problem}. Correct the text there.`,
    { code: 'SCHEMA', context: { line }, cause },
  )
}

function refuseCycle(alias: string): never {
  throw new DltError(
    `The schema document is not valid YAML: the alias "*${alias}" stands for what it is in. Correct the text there.`,
    { code: 'SCHEMA' },
  )
}

/** A key as it is written; unlike values, `on` and `1` stay texts. */
function keyText(key: unknown): string {
  return yaml().isScalar(key) ? String(key.value) : String(key)
}

/** @param within the nodes that a node is in, outermost first */
function toOrderedJson(node: Node | null | unknown, document: Document, within: readonly unknown[] = []): OrderedJson {
  const { isAlias, isMap, isScalar, isSeq } = yaml()
  if (isAlias(node)) {
    const meant = node.resolve(document)
    if (meant !== undefined && within.includes(meant)) refuseCycle(node.source)
    return toOrderedJson(meant, document, within)
  }
  const inner = [...within, node]
  if (isMap(node)) {
    return new Map(
      node.items.map(({ key, value }): [string, OrderedJson] => [keyText(key), toOrderedJson(value, document, inner)]),
    )
  }
  if (isSeq(node)) return node.items.map((item) => toOrderedJson(item, document, inner))
  if (!isScalar(node)) return null
  const text = String(node.value)
  return node.type === 'PLAIN' ? readPlainScalar(text) : text
}

/** Reads YAML 1.1 with the order of keys kept. @throws DltError SCHEMA with line and column, when the text is not YAML. */
export function readYaml(text: string): OrderedJson {
  const document = yaml().parseDocument(text, { schema: 'failsafe', version: '1.1' })
  const error = document.errors[0]
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 }
    refuse(line, col, error.code, error)
  }
  return toOrderedJson(document.contents, document)
}
