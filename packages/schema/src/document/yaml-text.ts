import { type Document, parseDocument, stringify } from 'yaml'
import { DltError } from '../dlt-error.ts'
import type { OrderedJson } from '../json/json-reader.ts'

/** The reference system writes and reads YAML 1.1. */
const version = '1.1'

/** YAML in block style: two spaces a level, lists not indented under their key, no escapes where none are needed. */
export function writeYaml(value: object): string {
  return stringify(value, { version, indentSeq: false, lineWidth: 80, aliasDuplicateObjects: false, singleQuote: true })
}

function refuse(document: Document.Parsed): void {
  const error = document.errors[0]
  if (error === undefined) return
  const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 }
  throw new DltError(`The schema document is not valid YAML at line ${line}, column ${col}. Correct the text there.`, {
    code: 'SCHEMA',
    context: { line },
    cause: error,
  })
}

function toOrderedJson(value: unknown): OrderedJson {
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]): [string, OrderedJson] => [String(key), toOrderedJson(item)]))
  }
  if (Array.isArray(value)) return value.map(toOrderedJson)
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value
    default:
      return null
  }
}

/** Reads YAML with the order of keys kept. @throws DltError SCHEMA with line and column, when the text is not YAML. */
export function readYaml(text: string): OrderedJson {
  const document = parseDocument(text, { version, prettyErrors: true })
  refuse(document)
  return toOrderedJson(document.toJS({ mapAsMap: true }))
}
