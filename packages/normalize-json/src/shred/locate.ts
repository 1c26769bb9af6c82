import { DltError } from '@dlt/schema'
import { readForeignValue } from './foreign-value.ts'
import { isPlainObject } from './plain-object.ts'

/** Something in a document that cannot be loaded, and where. */
interface Finding {
  readonly path: string
  readonly problem: string
  readonly remedy?: string | undefined
}

interface Frame {
  readonly value: object
  readonly entries: Iterator<[string, unknown]>
  readonly inList: boolean
  readonly step: string
}

const remedies = 'Remove it, or replace it by a plain value before the item is yielded.'

/** The error for a document in which something cannot be loaded: names the first such thing by its path. */
export function refusal(document: unknown, fallback: string, cause?: unknown): DltError {
  const found = findProblem(document)
  if (found === undefined) return new DltError(fallback, { code: 'DATA', cause })
  const where = found.path === '' ? 'The item itself is' : `The item holds, at "${found.path}",`
  return new DltError(`${where} ${found.problem}, which cannot be loaded. ${found.remedy ?? remedies}`, {
    code: 'DATA',
    context: { path: found.path },
  })
}

/** Whether a document contains itself. */
export function cycleIn(document: unknown): boolean {
  return findProblem(document)?.problem === cycle
}

/** Whether something in a value cannot be loaded. Quick for values made of plain objects, lists and scalars alone. */
export function holdsProblem(value: object): boolean {
  return holdsForeign(value) && findProblem(value) !== undefined
}

function holdsForeign(value: object): boolean {
  if (!Array.isArray(value) && !isPlainObject(value)) return true
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === 'object' && item !== null && holdsForeign(item)) return true
  }
  return false
}

const cycle = 'an object that contains itself (a circular reference)'

/** Walks in depth with a stack of its own, so that depth does not matter. */
function findProblem(document: unknown): Finding | undefined {
  const frames: Frame[] = []
  const ancestors = new Set<object>()
  const enter = (value: unknown, step: string): Finding | undefined => {
    const seen = inspect(value)
    const problem = seen.problem ?? (seen.object !== undefined && ancestors.has(seen.object) ? cycle : undefined)
    if (problem !== undefined) {
      return { path: formatPath([...frames.map((frame) => frame.step), step]), problem, remedy: seen.remedy }
    }
    if (seen.object === undefined) return undefined
    const inList = Array.isArray(seen.contents)
    frames.push({ value: seen.object, entries: Object.entries(seen.contents ?? {}).values(), inList, step })
    ancestors.add(seen.object)
    return undefined
  }
  let finding = enter(document, '')
  for (let frame = frames.at(-1); finding === undefined && frame !== undefined; frame = frames.at(-1)) {
    const next = frame.entries.next()
    if (next.done === true) {
      frames.pop()
      ancestors.delete(frame.value)
    } else {
      const [key, value] = next.value
      finding = enter(value, frame.inList ? `[${key}]` : keyStep(key))
    }
  }
  return finding
}

interface Inspection {
  readonly problem?: string
  readonly remedy?: string | undefined
  readonly object?: object
  readonly contents?: object
}

function inspect(value: unknown): Inspection {
  if (typeof value === 'function') return { problem: 'a function' }
  if (typeof value === 'symbol') return { problem: 'a symbol' }
  if (typeof value !== 'object' || value === null) return {}
  if (Array.isArray(value) || isPlainObject(value)) return { object: value, contents: value }
  const foreign = readForeignValue(value)
  if (foreign.is === 'refused') return { problem: foreign.refusal.what, remedy: foreign.refusal.remedy }
  if (foreign.is === 'object' || foreign.is === 'list') return { object: value, contents: foreign.value }
  return foreign.is === 'value' && foreign.value !== value ? inspect(foreign.value) : {}
}

function keyStep(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function formatPath(steps: readonly string[]): string {
  const path = steps.join('')
  return path.startsWith('.') ? path.slice(1) : path
}
