/** One step of a path: a key, a position, or anything else of JSONPath in the spelling of RFC 9535. */
export type PathStep = string | number | { readonly other: string }

const dottedName = /^[\p{L}\p{N}_@][\p{L}\p{N}_@-]*/u
const quoted = /^'((?:[^'\\]|\\.)*)'|^"((?:[^"\\]|\\.)*)"/
const insideBrackets = /^\[((?:[^[\]'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\])*)\]/

/**
 * Reads a path as the reference system's users write them: with or without `$.` in front, names with dashes, names quoted or in
 * brackets. `undefined` when it is no path.
 */
export function readPath(path: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = []
  let rest = path.trim()
  if (rest === '' || rest.startsWith('.')) return undefined
  if (/^[$@](?=$|[.[])/.test(rest)) rest = rest.slice(1)
  else if (!rest.startsWith('[')) rest = `.${rest}`
  while (rest !== '') {
    const read = readStep(rest)
    if (read === undefined) return undefined
    steps.push(read.step)
    rest = rest.slice(read.length)
  }
  return steps
}

interface ReadStep {
  readonly step: PathStep
  readonly length: number
}

function readStep(text: string): ReadStep | undefined {
  if (text.startsWith('[')) return readBrackets(text, 0)
  if (text.startsWith('.[')) return readBrackets(text.slice(1), 1)
  if (!text.startsWith('.')) return undefined
  const dots = text.startsWith('..') ? 2 : 1
  const after = text.slice(dots)
  if (after.startsWith('*')) return { step: { other: `${text.slice(0, dots)}*` }, length: dots + 1 }
  const name = readName(after)
  if (name === undefined) return undefined
  const step = dots === 2 ? { other: `..[${JSON.stringify(name.step)}]` } : name.step
  return { step, length: dots + name.length }
}

function readName(text: string): ReadStep | undefined {
  const match = quoted.exec(text)
  if (match !== null) return { step: unescaped(match[1] ?? match[2] ?? ''), length: match[0].length }
  const name = dottedName.exec(text)?.[0]
  return name === undefined ? undefined : { step: name, length: name.length }
}

function readBrackets(text: string, skipped: number): ReadStep | undefined {
  const match = insideBrackets.exec(text)
  if (match === null) return undefined
  const inside = (match[1] ?? '').trim()
  const length = skipped + match[0].length
  if (/^\d+$/.test(inside)) return { step: Number(inside), length }
  const name = readName(inside)
  if (name !== undefined && name.length === inside.length) return { step: name.step, length }
  return inside === '' ? undefined : { step: { other: `[${inside}]` }, length }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1')
}

/** The path in the spelling of RFC 9535. */
export function standardPath(steps: readonly PathStep[]): string {
  return `$${steps.map((step) => (typeof step === 'object' ? step.other : `[${JSON.stringify(step)}]`)).join('')}`
}
