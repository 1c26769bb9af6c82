import { isDeepStrictEqual } from 'node:util'
import type { Parts } from '../fixtures/compare-parts.ts'

/** A table of both systems: what a row holds, by the names of columns. */
interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

const links: ReadonlySet<string> = new Set(['_dlt_id', '_dlt_parent_id', '_dlt_root_id'])

/**
 * Whether two outcomes of one resource differ in nothing but the order of variant columns that one row made together
 * (`variant-order`). Positions of rows, which follow from that order, are left out.
 *
 * @param differing names of the parts that differ
 * @param follows whether a part follows from what differs elsewhere
 */
export function differsInVariantOrder(
  differing: readonly string[],
  reference: Parts,
  here: Parts,
  follows: (part: string) => boolean,
): boolean {
  const names = new Set(differing.filter((part) => !follows(part)).map(tableName))
  let moved = 0
  for (const name of names) {
    const [left, right] = [readTable(reference, name), readTable(here, name)]
    if (left === undefined || right === undefined) return false
    const runs = movedRuns(left.columns, right.columns)
    if (!sameSchema(reference, here, name, new Set(runs.flat()))) return false
    if (!isDeepStrictEqual(contents(left), contents(right)) || !runs.every((run) => madeTogether(run, right)))
      return false
    moved += runs.length
  }
  return moved > 0
}

function tableName(part: string): string {
  return / (?:table|of) (.*)$/s.exec(part)?.[1] ?? part
}

function readTable(parts: Parts, name: string): Table | undefined {
  const [columns, rows] = [parts[`columns of ${name}`], parts[`rows of ${name}`]]
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined
  // A type is one of few words in capitals; names have none.
  return { columns: columns.map((column) => String(column).replace(/ [A-Z(),0-9 ]+$/, '')), rows }
}

/** Runs of neighbours that stand in another order. */
function movedRuns(left: readonly string[], right: readonly string[]): readonly (readonly string[])[] {
  const runs: string[][] = []
  right.forEach((column, at) => {
    if (column === left[at]) return
    const open = at > 0 && right[at - 1] !== left[at - 1] ? runs.at(-1) : undefined
    if (open === undefined) runs.push([column])
    else open.push(column)
  })
  return runs
}

/** Whether a table's schema is the same but for the order of columns, and the moved ones are variants. */
function sameSchema(reference: Parts, here: Parts, name: string, moved: ReadonlySet<string>): boolean {
  const [left, right] = [reference[`schema: table ${name}`], here[`schema: table ${name}`]]
  const columns = new Map<string, unknown>(Object.entries(Object(Object(right).columns)))
  const areVariants = [...moved].every((column) => Object(columns.get(column)).variant === true)
  const types = (parts: Parts): unknown => {
    const columns = parts[`columns of ${name}`]
    return Array.isArray(columns) ? columns.toSorted() : columns
  }
  return (
    areVariants &&
    isDeepStrictEqual(left, right) &&
    isDeepStrictEqual(Object.keys(Object(left)), Object.keys(Object(right))) &&
    isDeepStrictEqual(types(reference), types(here))
  )
}

function contents({ columns, rows }: Table): readonly string[] {
  const ordered = [...columns.entries()].filter(([, column]) => !links.has(column)).sort(([, a], [, b]) => order(a, b))
  return rows.map((row) => JSON.stringify(ordered.map(([at, column]) => [column, row[at]]))).sort(order)
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right)
}

function madeTogether(run: readonly string[], { columns, rows }: Table): boolean {
  const positions = run.map((column) => columns.indexOf(column))
  return rows.some((row) => positions.every((at) => row[at] !== null))
}
