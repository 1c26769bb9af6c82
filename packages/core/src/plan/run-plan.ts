import type { AlteredColumn } from '@dlt/destination'
import type { DataType, WriteDisposition } from '@dlt/schema'
import { alteredText } from '../load/altered-text.ts'

/** A column that a run would add. */
export interface PlannedColumn {
  readonly name: string
  readonly dataType: DataType
  readonly nullable: boolean
}

/** A column that gets another type, or has another one at the destination than the schema says. */
export interface PlannedType {
  readonly column: string
  readonly from: string
  readonly to: string
}

/** What a run would do to a table. */
export interface PlannedTable {
  readonly schemaName: string
  /** Dataset at the destination. */
  readonly datasetName: string
  readonly tableName: string
  /** Whether the table would be made, get columns or other types, or stay as it is. */
  readonly change: 'create' | 'alter' | 'none'
  readonly newColumns: readonly PlannedColumn[]
  /** Types that would change in the schema. */
  readonly newTypes: readonly PlannedType[]
  /** Columns of the destination that would be altered; none where the destination cannot be compared. */
  readonly alteredColumns: readonly AlteredColumn[]
  /** Rows that would be loaded. */
  readonly rows: number
  readonly writeDisposition: WriteDisposition
  /** How files of its rows would be written, and why; absent for tables without rows. */
  readonly format?: string
}

/** What a run would remove before it loads, because something begins anew (`refresh`). */
export interface PlannedRemoval {
  /** Dataset at the destination. */
  readonly datasetName: string
  readonly tableName: string
  /** Whether the table would be dropped, or emptied. Tables that get rows are then made again. */
  readonly removes: 'table' | 'rows'
}

/** Something that would fail, or that should be known before anything is loaded. */
export interface PlanProblem {
  /** `error`: the run would fail. `warning`: it would not. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly tableName?: string
  readonly column?: string
}

/** The facts that a {@link RunPlan} is made of. */
export interface PlanFacts {
  readonly pipelineName: string
  readonly destinationName: string
  /** Tables that would get rows or change, in the order of the schemas; without the system's own. */
  readonly tables: readonly PlannedTable[]
  /** Tables that would be dropped or emptied before, because something begins anew. */
  readonly removals: readonly PlannedRemoval[]
  readonly problems: readonly PlanProblem[]
  /** Load packages that a run would finish before. */
  readonly pendingLoadIds: readonly string[]
}

/** What a run would change at the destination. `String(plan)` says it in lines, `JSON.stringify(plan)` as data. */
export class RunPlan implements PlanFacts {
  readonly pipelineName: string
  readonly destinationName: string
  readonly tables: readonly PlannedTable[]
  readonly removals: readonly PlannedRemoval[]
  readonly problems: readonly PlanProblem[]
  readonly pendingLoadIds: readonly string[]

  constructor({ pipelineName, destinationName, tables, removals, problems, pendingLoadIds }: PlanFacts) {
    this.pipelineName = pipelineName
    this.destinationName = destinationName
    this.tables = tables
    this.removals = removals
    this.problems = problems
    this.pendingLoadIds = pendingLoadIds
  }

  /** Whether a run would make, drop or change tables or columns at the destination. */
  get changesTables(): boolean {
    return this.tables.some(({ change }) => change !== 'none') || this.removals.some((one) => one.removes === 'table')
  }

  /** Whether a run would fail, as far as that is known. */
  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity === 'error')
  }

  /** The same in lines of text. */
  toString(): string {
    const { pipelineName, destinationName, tables, removals, problems, pendingLoadIds } = this
    const first = `Plan of pipeline ${pipelineName} for destination ${destinationName}`
    const pending = pendingLoadIds.map((loadId) => `  first load package ${loadId}, which waits`)
    const removed = removals.map(
      ({ datasetName, tableName, removes }) =>
        `  ${removes === 'table' ? 'drop' : 'empty'} ${datasetName}.${tableName}`,
    )
    const nothing = tables.length + removals.length + problems.length === 0 ? ['  nothing to load'] : []
    const told = problems.map(({ severity, message }) => `  ${severity}: ${message}`)
    return [first, ...pending, ...removed, ...nothing, ...tables.flatMap(tableLines), ...told].join('\n')
  }
}

const verbs = { create: 'create', alter: 'alter', none: 'load' } as const

function tableLines(table: PlannedTable): readonly string[] {
  const { datasetName, tableName, change, newColumns, newTypes, alteredColumns, rows, writeDisposition } = table
  const told = new Set(newTypes.map(({ column }) => column))
  const count = rows === 1 ? '1 row' : `${rows} rows`
  return [
    `  ${verbs[change]} ${datasetName}.${tableName}: ${count}, ${writeDisposition}`,
    ...newColumns.map(({ name, dataType, nullable }) => `    + ${name} ${dataType}${nullable ? '' : ' not null'}`),
    ...newTypes.map(({ column, from, to }) => `    ~ ${column} ${from} -> ${to}`),
    ...alteredColumns.filter(({ column }) => !told.has(column)).map((altered) => `    ${alteredText(altered)}`),
  ]
}
