import type { DataType } from '../data-type.ts'
import { DltError } from '../dlt-error.ts'
import type { ContractMode } from '../schema.ts'
import type { ContractEntity } from './contract-modes.ts'

/** What a contract refuses. */
export interface ContractViolation {
  readonly schema: string
  readonly table: string
  /** The column that is refused: a new one, the variant column that a value would need, or one whose hints change. Absent where a table is. */
  readonly column?: string
  readonly entity: ContractEntity
  readonly mode: ContractMode
  /** Data type of the value that was refused, as it came; absent where a table or a hint is refused. */
  readonly valueType?: DataType
  /** A sentence that says what is not allowed. */
  readonly reason: string
}

/** Data, or a hint, that a schema contract in the mode `freeze` refuses. It names places and types, and never holds a value. */
export class DataValidationError extends DltError {
  readonly schemaName: string
  readonly tableName: string
  readonly columnName: string | undefined
  readonly entity: ContractEntity
  readonly mode: ContractMode
  /** Data type of the value that was refused. */
  readonly valueType: DataType | undefined

  constructor(violation: ContractViolation) {
    const { schema, table, column, entity, mode, valueType, reason } = violation
    super(
      `${reason} The contract "${entity}: ${mode}" of table "${table}" (schema "${schema}") does not allow it. ${remedy(entity)}`,
      {
        code: 'CONTRACT',
        context: {
          schema,
          table,
          ...(column !== undefined && { column }),
          entity,
          mode,
          ...(valueType !== undefined && { valueType }),
        },
      },
    )
    this.schemaName = schema
    this.tableName = table
    this.columnName = column
    this.entity = entity
    this.mode = mode
    this.valueType = valueType
  }
}

const remedies: Readonly<Record<ContractEntity, string>> = {
  tables: "Leave its rows out of the data, or run once with schemaContract { tables: 'evolve' }.",
  columns: "Leave the field out of the data, or run once with schemaContract { columns: 'evolve' }.",
  data_type: "Correct the value at the source, or run once with schemaContract { data_type: 'evolve' }.",
}

function remedy(entity: ContractEntity): string {
  return remedies[entity]
}
