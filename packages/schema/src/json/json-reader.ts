import { DltError } from '../dlt-error.ts'

/** What a JSON text holds, with objects as maps and numbers as `Numeric`. */
export type OrderedJsonOf<Numeric> =
  | null
  | boolean
  | string
  | Numeric
  | readonly OrderedJsonOf<Numeric>[]
  | ReadonlyMap<string, OrderedJsonOf<Numeric>>

/** What a JSON text holds, with objects as maps: they keep the order of all keys, also of those that look like integers. */
export type OrderedJson = OrderedJsonOf<number | bigint>

const deepest = 1000
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function defaultNumber(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : BigInt(text)
}

class JsonReader<Numeric> {
  readonly #text: string
  readonly #what: string
  readonly #number: (text: string) => Numeric
  #position = 0

  constructor(text: string, what: string, number: (text: string) => Numeric) {
    this.#text = text
    this.#what = what
    this.#number = number
  }

  read(): OrderedJsonOf<Numeric> {
    const value = this.#value(0)
    this.#space()
    if (this.#position < this.#text.length) this.#fail('there is text after the end of the value')
    return value
  }

  #fail(problem: string): never {
    const before = this.#text.slice(0, this.#position).split('\n')
    const line = before.length
    const column = (before.at(-1)?.length ?? 0) + 1
    throw new DltError(
      `${this.#what} is not valid at line ${line}, column ${column}: ${problem}. Correct the text there.`,
      {
        code: 'SCHEMA',
        context: { line },
      },
    )
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#position)
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return
      this.#position++
    }
  }

  #value(depth: number): OrderedJsonOf<Numeric> {
    if (depth > deepest) this.#fail(`it is nested more than ${deepest} levels deep`)
    this.#space()
    switch (this.#text[this.#position]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#list(depth)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      case undefined:
        return this.#fail('the text ends where a value should begin')
      default:
        return this.#numeric()
    }
  }

  #word<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#position)) this.#fail('a value should begin here')
    this.#position += word.length
    return value
  }

  #numeric(): Numeric {
    numberPattern.lastIndex = this.#position
    const match = numberPattern.exec(this.#text)
    if (match === null) this.#fail('a value should begin here')
    this.#position += match[0].length
    return this.#number(match[0])
  }

  #string(): string {
    let value = ''
    let start = ++this.#position
    for (;;) {
      const unit = this.#next()
      if (unit > 31 && unit !== 34 && unit !== 92) {
        this.#position++
        continue
      }
      value += this.#text.slice(start, this.#position)
      if (unit === 34) {
        this.#position++
        return value
      }
      if (unit !== 92) this.#fail(unit < 0 ? 'a string has no end' : 'a control character is not escaped')
      value += this.#escape()
      start = this.#position
    }
  }

  #next(): number {
    return this.#position < this.#text.length ? this.#text.charCodeAt(this.#position) : -1
  }

  #escape(): string {
    const letter = this.#text[this.#position + 1] ?? ''
    const simple = escapes.get(letter)
    if (simple !== undefined) {
      this.#position += 2
      return simple
    }
    const code = this.#text.slice(this.#position + 2, this.#position + 6)
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(code)) this.#fail('an escape sequence is unknown')
    this.#position += 6
    return String.fromCharCode(Number.parseInt(code, 16))
  }

  /** Steps over a separator; false at the closing bracket. */
  #more(closing: string): boolean {
    this.#space()
    const next = this.#text[this.#position]
    if (next !== ',' && next !== closing) this.#fail(`"," or "${closing}" is missing`)
    this.#position++
    return next === ','
  }

  #isEmpty(closing: string): boolean {
    this.#position++
    this.#space()
    if (this.#text[this.#position] !== closing) return false
    this.#position++
    return true
  }

  #list(depth: number): readonly OrderedJsonOf<Numeric>[] {
    const items: OrderedJsonOf<Numeric>[] = []
    if (this.#isEmpty(']')) return items
    do items.push(this.#value(depth + 1))
    while (this.#more(']'))
    return items
  }

  #object(depth: number): ReadonlyMap<string, OrderedJsonOf<Numeric>> {
    const entries = new Map<string, OrderedJsonOf<Numeric>>()
    if (this.#isEmpty('}')) return entries
    do {
      this.#space()
      if (this.#text[this.#position] !== '"') this.#fail('a key in double quotes is missing')
      const key = this.#string()
      this.#space()
      if (this.#text[this.#position] !== ':') this.#fail('":" is missing after a key')
      this.#position++
      entries.set(key, this.#value(depth + 1))
    } while (this.#more('}'))
    return entries
  }
}

/**
 * Reads JSON and keeps what `JSON.parse` loses: the order of keys, keys like `__proto__`, digits of integers.
 * A key given twice keeps its first place and its last value. Integers beyond 2^53 become `bigint`.
 *
 * @param what names the text in messages; `JSON` when absent.
 * @throws DltError SCHEMA with line and column, when the text is not JSON.
 */
export function readJson(text: string, what = 'JSON'): OrderedJson {
  return new JsonReader<number | bigint>(text, what, defaultNumber).read()
}

/**
 * Like {@link readJson}, with the text of every number given to a function.
 *
 * @throws DltError SCHEMA with line and column, when the text is not JSON.
 */
export function readJsonWith<Numeric>(
  text: string,
  number: (text: string) => Numeric,
  what = 'JSON',
): OrderedJsonOf<Numeric> {
  return new JsonReader<Numeric>(text, what, number).read()
}
