import { doubleAsText } from '../json/float-text.ts'
import { chooseStyle, isMultiline } from './scalar-style.ts'
import { YamlOutput } from './yaml-output.ts'

const step = 2
/** Longer keys stand behind `?`, in lines of their own. */
const longestKey = 122

function numberText(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString()
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
  const text = doubleAsText(value)
  return text.includes('.') ? text : text.replace('e', '.0e')
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return value instanceof Map ? Array.from(value, ([key, item]) => [String(key), item]) : Object.entries(value)
}

class YamlWriter {
  readonly #output = new YamlOutput()

  write(document: object): string {
    this.#mapping(entriesOf(document), 0)
    this.#output.finish()
    return this.#output.text
  }

  /** Writes a value that belongs to a collection at column `indent`. */
  #value(value: unknown, indent: number, isInMapping: boolean): void {
    if (typeof value === 'string') this.#text(value, indent + step)
    else if (typeof value === 'number' || typeof value === 'bigint') this.#output.plain(numberText(value), undefined)
    else if (typeof value === 'boolean') this.#output.plain(String(value), undefined)
    else if (Array.isArray(value)) this.#list(value, indent, isInMapping)
    else if (typeof value === 'object' && value !== null) this.#object(entriesOf(value), indent)
    else this.#output.plain('null', undefined)
  }

  #text(text: string, foldColumn: number | undefined): void {
    const style = chooseStyle(text, foldColumn === undefined)
    if (style === 'plain') this.#output.plain(text, foldColumn)
    else if (style === 'single') this.#output.singleQuoted(text, foldColumn)
    else this.#output.doubleQuoted(text, foldColumn)
  }

  #list(items: readonly unknown[], indent: number, isInMapping: boolean): void {
    if (items.length === 0) this.#output.indicator('[]', true, false)
    const column = isInMapping && !this.#output.onlyIndicators ? indent : indent + step
    for (const item of items) {
      this.#output.indent(column)
      this.#output.indicator('-', true, true)
      this.#value(item, column, false)
    }
  }

  #object(entries: readonly (readonly [string, unknown])[], indent: number): void {
    if (entries.length === 0) this.#output.indicator('{}', true, false)
    else this.#mapping(entries, indent + step)
  }

  #mapping(entries: readonly (readonly [string, unknown])[], column: number): void {
    for (const [key, value] of entries) {
      this.#output.indent(column)
      if (key !== '' && !isMultiline(key) && Array.from(key).length <= longestKey) {
        this.#text(key, undefined)
        this.#output.indicator(':', false, false)
      } else {
        this.#output.indicator('?', true, true)
        this.#text(key, column + step)
        this.#output.indent(column)
        this.#output.indicator(':', true, true)
      }
      this.#value(value, column, true)
    }
  }
}

/**
 * YAML in block style as the reference system writes it: two spaces a level, lists not indented under their key, texts
 * beyond 80 columns folded, quotes where YAML 1.1 would take a text for something else. Maps and objects are mappings.
 */
export function writeYaml(document: object): string {
  return new YamlWriter().write(document)
}
