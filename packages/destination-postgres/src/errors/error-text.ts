/** Texts of data errors in which the parts that are kept cannot be values of rows: the groups, where there are some. */
const templates: readonly RegExp[] = [
  /^invalid input syntax for type [a-z ]+/,
  /^(value )".*"( is out of range for type [a-z ]+)$/s,
  /^(character )with byte sequence .* in encoding "UTF8"( has no equivalent in encoding "[^"]*")$/s,
  /^[a-z/ ]+ out of range(?=$|:)/,
  /^invalid byte sequence for encoding "UTF8"/,
  /^value too long for type [a-z ]+\(\d+\)$/,
  /^[a-z ]+ field overflow$/,
  /^null value in column "[^"]*" of relation "[^"]*" violates not-null constraint$/,
  /^duplicate key value violates unique constraint "[^"]*"$/,
  /^new row for relation "[^"]*" violates check constraint "[^"]*"$/,
  /^insert or update on table "[^"]*" violates foreign key constraint "[^"]*"$/,
  /^update or delete on table "[^"]*" violates foreign key constraint "[^"]*" on table "[^"]*"$/,
  /^unsupported Unicode escape sequence$/,
  /^invalid value for parameter "[^"]*"/,
  /^missing data for column "[^"]*"$/,
  /^extra data after last expected column$/,
  /^column "[^"]*" (?:of relation "[^"]*" )?contains null values$/,
  /^could not create unique index "[^"]*"$/,
  /^division by zero$/,
]

/** Classes of conditions whose texts name things, and repeat no values. */
const namingClasses = ['08', '0A', '25', '28', '2B', '3D', '3F', '40', '42', '53', '54', '55', '57', '58']

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** What is left of a text by a template; the parts of values are `…`. */
const kept = (text: string, template: RegExp): string | undefined => {
  const [whole, ...parts] = template.exec(text) ?? []
  return parts.length === 0 ? whole : parts.join('…')
}

/** The text of an error without values of rows and without pieces of statements. */
export const redactedText = (message: string, code: string): string => {
  if (code === '42601') return 'syntax error'
  if (namingClasses.includes(code.slice(0, 2))) return firstLine(message)
  for (const template of templates) {
    const text = kept(message, template)
    if (text !== undefined) return text
  }
  return code.startsWith('P') ? 'an error raised by a trigger or a function' : 'an error whose text may show values'
}

/** Which of some columns an error is about, where Postgres says so. */
export const columnOfError = (
  { column, where = '', detail = '' }: { readonly column?: string; readonly where?: string; readonly detail?: string },
  columns: readonly string[],
): string | undefined => {
  if (column !== undefined) return column
  // "COPY items, line 3, column id: …": values stand behind the name. What a type or a trigger says of its own stands before it.
  const [, inCopy] = /^COPY .*?, line \d+, column ([\s\S]*)/m.exec(where) ?? []
  // "Key (id)=(…) already exists.": they stand behind the equals sign.
  const [, inKey] = /^Key \("?(.*?)"?\)=\(/s.exec(detail) ?? []
  const named = columns.filter((name) => inKey === name || inCopy === name || inCopy?.startsWith(`${name}: `) === true)
  return named.sort((left, right) => right.length - left.length)[0]
}

/** The line of a copied file that an error is about. */
export const lineOfError = (where: string | undefined): number | undefined => {
  const [, line] = /^COPY .*?, line (\d+)(?:, column |: |$)/m.exec(where ?? '') ?? []
  return line === undefined ? undefined : Number(line)
}
