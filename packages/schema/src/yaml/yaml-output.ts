/** How wide lines get before texts are folded. */
const bestWidth = 80

const named: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\xa0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
])

const unescaped = /^[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/u

function escapeCharacter(character: string): string {
  const name = named.get(character)
  if (name !== undefined) return `\\${name}`
  const code = character.codePointAt(0) ?? 0
  const digits = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}

/**
 * Text that grows, with what the layout of YAML depends on: the column, and whether the line so far is only white space or
 * indicators. Folds long texts where the reference system's YAML writer does.
 */
export class YamlOutput {
  #text = ''
  #column = 0
  /** Whether white space, or the start of a line, comes before what is written next. */
  #afterSpace = true
  /** Whether there are only indicators in the line so far. */
  #onlyIndicators = true

  get text(): string {
    return this.#text
  }

  get onlyIndicators(): boolean {
    return this.#onlyIndicators
  }

  #add(text: string): void {
    this.#text += text
    this.#column += Array.from(text).length
  }

  #break(): void {
    this.#text += '\n'
    this.#column = 0
    this.#afterSpace = true
    this.#onlyIndicators = true
  }

  /** Ends the last line. */
  finish(): void {
    if (this.#column > 0) this.#break()
  }

  /** Goes to a column, in this line if it is not reached yet and nothing but indicators stands before. */
  indent(column: number): void {
    if (!this.#onlyIndicators || this.#column > column || (this.#column === column && !this.#afterSpace)) this.#break()
    if (this.#column < column) {
      this.#add(' '.repeat(column - this.#column))
      this.#afterSpace = true
    }
  }

  /** Writes `-`, `?`, `:` or an empty collection. */
  indicator(mark: string, needsSpace: boolean, keepsIndicators: boolean): void {
    this.#add(this.#afterSpace || !needsSpace ? mark : ` ${mark}`)
    this.#afterSpace = false
    this.#onlyIndicators = this.#onlyIndicators && keepsIndicators
  }

  #startScalar(quote: string): void {
    this.#add(this.#afterSpace ? quote : ` ${quote}`)
    this.#afterSpace = false
    this.#onlyIndicators = false
  }

  /** Steps to the next line within a text. */
  #continue(column: number): void {
    this.indent(column)
    this.#afterSpace = false
    this.#onlyIndicators = false
  }

  /** Writes a text as it is; `foldColumn` is where further lines begin, if it may be folded at all. */
  plain(text: string, foldColumn: number | undefined): void {
    if (text === '') return
    this.#startScalar('')
    this.#foldable(text, foldColumn, (part) => part)
  }

  /** Writes a text in single quotes. */
  singleQuoted(text: string, foldColumn: number | undefined): void {
    this.#startScalar("'")
    for (const [index, line] of text.split(/(\n+)/).entries()) {
      if (index % 2 === 0) this.#foldable(line, foldColumn, (part) => part.replaceAll("'", "''"))
      else this.#emptyLines(line.length, foldColumn ?? 0)
    }
    this.#add("'")
  }

  /** Line breaks of a text in single quotes: one more than it has, because a single one is read as a space. */
  #emptyLines(count: number, column: number): void {
    for (let line = 0; line <= count; line++) this.#break()
    this.#continue(column)
  }

  /** Words of a line; a single space beyond the width becomes a line break, unless the text begins or ends with it. */
  #foldable(line: string, foldColumn: number | undefined, encode: (part: string) => string): void {
    const parts = line.split(/( +)/)
    for (const [index, part] of parts.entries()) {
      const isInner = index > 1 || (index === 1 && parts[0] !== '')
      const isLast = index >= parts.length - 2 && parts.at(-1) === ''
      const folds = part === ' ' && this.#column > bestWidth && foldColumn !== undefined && isInner && !isLast
      if (folds) this.#continue(foldColumn)
      else this.#add(encode(part))
    }
  }

  /** Writes a text in double quotes, with escapes. */
  doubleQuoted(text: string, foldColumn: number | undefined): void {
    this.#startScalar('"')
    const characters = Array.from(text)
    let pending = ''
    for (const [index, character] of characters.entries()) {
      const isEscaped = !unescaped.test(character) || character === '"' || character === '\\'
      if (isEscaped) {
        this.#add(pending + escapeCharacter(character))
        pending = ''
      }
      const isInner = index > 0 && index < characters.length - 1
      const mayFold = isInner && (character === ' ' || isEscaped || pending === '')
      if (
        mayFold &&
        foldColumn !== undefined &&
        this.#column + Array.from(pending).length - (isEscaped ? 1 : 0) > bestWidth
      ) {
        this.#foldDoubleQuoted(pending, foldColumn, isEscaped ? characters[index + 1] : character)
        pending = isEscaped ? '' : character
      } else if (!isEscaped) {
        pending += character
      }
    }
    this.#add(`${pending}"`)
  }

  #foldDoubleQuoted(pending: string, column: number, next: string | undefined): void {
    this.#add(`${pending}\\`)
    this.#continue(column)
    if (next === ' ') this.#add('\\')
  }
}
