import {
  digest128,
  isBlank,
  type NamingConvention,
  nameStart,
  normalizeFieldName,
  normalizeListName,
  type Schema,
} from '@dlt/schema'

/** What a key of white space only is called. */
const emptyKey = '_empty'

const tagLength = 8

/** How raw paths become names. */
export interface PathNames {
  /** The name of a column. */
  column(path: readonly string[]): string
  /** The parts that a list adds to the name of the table that contains it. */
  listParts(path: readonly string[]): readonly string[]
  /** The name of a nested table from all its parts, shortened once. */
  table(parts: readonly string[]): string
  /** Another name for a path whose name is taken. */
  replacement(name: string, path: unknown, taken: (name: string) => boolean): string
}

/** The naming rules of a schema, for raw paths. */
export function createPathNames(schema: Schema, naming: NamingConvention): PathNames {
  const field = (key: string): string => (isBlank(key) ? emptyKey : normalizeFieldName(schema, naming, key))
  const list = (key: string): string => (isBlank(key) ? emptyKey : normalizeListName(schema, naming, key))
  return {
    column: (path) => joined(naming, path.map(field)),
    listParts: (path) => path.map((key, index) => (index === path.length - 1 ? list(key) : field(key))),
    table: (parts) => joined(naming, parts),
    replacement: (name, path, taken) => replacement(naming, name, path, taken),
  }
}

function joined(naming: NamingConvention, parts: readonly string[]): string {
  const [only, ...more] = parts
  return only !== undefined && more.length === 0 ? only : naming.shortenFragments(...parts)
}

function replacement(naming: NamingConvention, name: string, path: unknown, taken: (name: string) => boolean): string {
  const text = JSON.stringify(path)
  for (let attempt = 0; ; attempt++) {
    const tag = nameTag(attempt === 0 ? text : `${text}${attempt}`)
    const { limit } = naming
    const start = limit === undefined ? name : nameStart(name, limit.maxLength - tagLength - 1, limit)
    const candidate = `${start.replace(/_+$/, '')}_${tag}`
    if (!taken(candidate)) return candidate
  }
}

/** A hash in characters that every naming convention keeps. */
function nameTag(text: string): string {
  return digest128(text, 6).replaceAll('/', 'a').replaceAll('+', 'b').toLowerCase()
}
