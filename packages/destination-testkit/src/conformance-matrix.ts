import type { DestinationCapabilities } from '@dlt/destination'
import { conformanceGroups } from './cases/index.ts'
import type { ConformanceFeatures } from './conformance-case.ts'

/** What a destination promises of a group of cases. */
export interface MatrixRow {
  /** The group: `types`, `merge by upsert`. */
  readonly title: string
  /** How many cases the group has. */
  readonly cases: number
  /** How many of them the destination's capabilities switch on: its suite fails where one of them does not pass. */
  readonly declared: number
  /** Why the others are not asked, each reason once. */
  readonly reasons: readonly string[]
}

/** What a destination promises and what it does not, group by group. */
export const conformanceMatrix = (
  capabilities: DestinationCapabilities,
  features: ConformanceFeatures,
): readonly MatrixRow[] =>
  conformanceGroups.map(({ title, cases }) => {
    const reasons = cases.map(({ unless }) => unless?.(capabilities, features))
    const given = reasons.filter((reason) => reason !== undefined)
    return { title, cases: cases.length, declared: cases.length - given.length, reasons: [...new Set(given)] }
  })

/** In words: a table with numbers would change with every case that is added. */
const kept = ({ cases, declared }: MatrixRow): string => {
  if (declared === cases) return 'all'
  return declared === 0 ? 'none' : 'in part'
}

/** A matrix as a table of Markdown, for a README. */
export const matrixTable = (rows: readonly MatrixRow[]): string => {
  const lines = rows.map((row) => `| ${row.title} | ${kept(row)} | ${row.reasons.join('; ')} |`)
  return ['| promises | kept | why not more |', '| --- | --- | --- |', ...lines].join('\n')
}

/** The matrices of several destinations side by side: name -> matrix. */
export const comparedMatrices = (matrices: ReadonlyMap<string, readonly MatrixRow[]>): string => {
  const lines = conformanceGroups.map(({ title }, index) => {
    const cells = [...matrices.values()].map((rows) => rows[index]).map((row) => (row === undefined ? '' : kept(row)))
    return `| ${[title, ...cells].join(' | ')} |`
  })
  const names = [...matrices.keys()]
  return [`| promises | ${names.join(' | ')} |`, `| --- |${' --- |'.repeat(names.length)}`, ...lines].join('\n')
}
