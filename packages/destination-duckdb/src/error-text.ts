/** Classes of errors whose text quotes values of rows. */
const quotesValues =
  /^(Conversion|Constraint|Out of Range|Invalid Input|Mismatch Type|TransactionContext|Transaction) Error/

/** Where a value may begin: a quote, a bracket, or a number that is not part of a word. */
const valueStart = /['"[{(]|(?<!\w)-?\d/

/** Where DuckDB says which line of a file it is, before any value. */
const lineNumber = /^[^"]*in file "[^"]*",(?: at byte \d+)?( in line \d+)|^\w[\w ]* Error: CSV Error on Line:( \d+)\n/

/** What DuckDB is known to say behind the first value. A value cannot tell anything by it: only these very words are repeated. */
const reasons: readonly string[] = [
  'Could not convert string(?: to BLOB)?',
  'Error when converting column',
  'Failed to cast value(?: to numerical| to decimal)?',
  'failed: value is out of range',
  "can't be cast because the value is out of range for the destination type",
  "could not be cast|cannot be cast|can't be cast",
  String.raw`(?:to|type) '?(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|INT(?:8|16|32|64|128))\b|DECIMAL\(\d\d?,\s?\d\d?\)|DOUBLE|FLOAT|BOOLEAN|BOOL|DATE|TIMESTAMP WITH TIME ZONE|TIMESTAMP_\w+|TIMESTAMP|TIME|VARCHAR|JSON|BLOB)'?`,
  'violates (?:unique|primary key|foreign key) constraint',
  String.raw`expected format is \(YYYY-MM-DD\)`,
  String.raw`expected format is \(YYYY-MM-DD HH:MM:SS`,
  String.raw`expected format is \(\[YYY\]Y-MM-DD\)`,
  'invalid (?:date|time|timestamp) field format|(?:date|time|timestamp) field value out of range',
  'unexpected (?:end of data|character|control character in string|content after document)',
  'invalid (?:UTF-8 encoding|escaped character|escaped sequence|escaped unicode) in string',
  'no (?:low|high) surrogate in string|unclosed string|trailing comma is not allowed|no digit after (?:minus sign|decimal point|exponent sign)',
  'Expected Number of Columns',
  'Value with unterminated quote found',
  'Maximum line size',
  'Invalid unicode|Invalid UTF-?8|Invalid hex escape code',
  '"?maximum_object_size"?|exceeded while reading file',
  'when casting from source column',
]

const reason = new RegExp(reasons.join('|'), 'g')

/** More of them would mean that a value repeats them. */
const mostReasons = 4

const reasonsIn = (text: string): readonly string[] => {
  const found = new Set<string>()
  for (const [words] of text.matchAll(reason)) {
    found.add(words)
    if (found.size === mostReasons) break
  }
  return [...found]
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' ')

const withoutValues = (text: string, column: string | undefined): string => {
  const start = text.search(valueStart)
  if (start < 0) return oneLine(text)
  const [, inLine, ofLine] = lineNumber.exec(text) ?? []
  const words = reasonsIn(text.slice(start)).filter((found) => column === undefined || !found.endsWith('column'))
  const place = inLine ?? ofLine?.trim() ?? ''
  return `${text.slice(0, start).replaceAll(/\s*\n\s*/g, ' ')}…${place}${words.map((found) => ` ${found}`).join('')}`
}

/** The columns that an INSERT lists, in order; nothing of other statements. Names cannot be taken for values: they stand before them. */
export const insertedColumns = (sql: string): readonly string[] => {
  const name = '"(?:[^"]|"")*"'
  const [, list = ''] =
    new RegExp(String.raw`^\s*INSERT INTO ${name}(?:\.${name})* \((${name}(?:, ?${name})*)\)`).exec(sql) ?? []
  return (list.match(new RegExp(name, 'g')) ?? []).map((quoted) => quoted.slice(1, -1).replaceAll('""', '"'))
}

/** The text of an error without what DuckDB adds for people at a terminal: the statement, and guesses. */
const ownText = (text: string): string => text.split(/\n\s*LINE \d+:|\n+Did you mean/)[0] ?? ''

/** Which of the columns an error is about, where it says so. */
export const columnOfError = (text: string, columns: readonly string[]): string | undefined => {
  const own = text.split(/\n\nLINE \d+:/).at(-2) ?? text
  return columns.find(
    (column) =>
      own.endsWith(` when casting from source column ${column}`) ||
      own.includes(`\nError when converting column "${column}". `) ||
      own.startsWith(`Binder Error: Referenced column "${column}" not found`) ||
      (own.startsWith('Constraint Error: NOT NULL constraint failed: ') && own.endsWith(`.${column}`)),
  )
}

/** The text of an error without values of rows and without pieces of statements; what is left out is `…`. */
export const redactedText = (text: string, column?: string): string => {
  const own = ownText(text)
  return quotesValues.test(own) ? withoutValues(own, column) : oneLine(own)
}
