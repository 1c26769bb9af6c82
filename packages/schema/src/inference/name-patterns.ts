import { DltError } from '../dlt-error.ts'

const prefix = 're:'

/** Python's inline flags and named groups, which JavaScript spells otherwise. */
function translate(expression: string): { readonly source: string; readonly flags: string } {
  const inline = /^\(\?([aimsux]+)\)/.exec(expression)
  const source = (inline === null ? expression : expression.slice(inline[0].length))
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$')
  const flags = [...(inline?.[1] ?? '')].filter((flag) => 'ims'.includes(flag)).join('')
  return { source, flags }
}

/**
 * A test for names of columns: a pattern is an exact name, or after `re:` a regular expression that is searched in it.
 *
 * @throws DltError SCHEMA when the expression is not valid.
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  if (!pattern.startsWith(prefix)) return (name) => name === pattern
  const { source, flags } = translate(pattern.slice(prefix.length))
  try {
    const expression = new RegExp(source, flags)
    return (name) => expression.test(name)
  } catch (cause) {
    throw new DltError(`Pattern "${pattern}" in the settings of a schema is not a regular expression. Correct it.`, {
      code: 'SCHEMA',
      cause,
    })
  }
}
