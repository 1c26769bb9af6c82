import type { ColumnSchema, ColumnVector } from '@dlt/schema'
import { assembleColumn } from './assemble.ts'
import { type Contribution, valueCount } from './typed-values.ts'

interface Collected {
  readonly column: ColumnSchema
  readonly contributions: Contribution[]
}

/** Gathers what the columns of one table get from several sources. */
export class ColumnCollector {
  private readonly columns = new Map<string, Collected>()

  add(column: ColumnSchema, contribution: Contribution): void {
    if (valueCount(contribution.values) === 0) return
    const collected = this.columns.get(column.name)
    if (collected === undefined) this.columns.set(column.name, { column, contributions: [contribution] })
    else collected.contributions.push(contribution)
  }

  /** The columns that got values, by name. */
  assemble(rowCount: number): ReadonlyMap<string, ColumnVector> {
    return new Map(
      [...this.columns].map(([name, { column, contributions }]) => [
        name,
        assembleColumn(column, rowCount, contributions),
      ]),
    )
  }
}
