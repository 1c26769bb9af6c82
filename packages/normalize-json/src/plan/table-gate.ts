import {
  type ContractMode,
  type ContractModes,
  contractOf,
  type DataValidationError,
  evolveAll,
  evolvesColumnsOnce,
  frozenTable,
  isNewTable,
  type Schema,
} from '@dlt/schema'
import { fieldKey } from './normalization-plan.ts'
import type { TableOutline } from './package-outline.ts'
import type { NamedTable } from './table-names.ts'

/** What the contract of a table lets its rows change. */
export interface TableGate {
  /** The modes that tables nested in it inherit. */
  readonly modes: ContractModes
  /** The mode that keeps the table itself out; undefined where it is let in. */
  readonly refusedBy: ContractMode | undefined
  /** What becomes of values at a source path that has no column yet. */
  newColumn(key: string): ContractMode
  /** What becomes of values that their column cannot hold and that have no variant column yet. */
  readonly newType: ContractMode
}

/** What decides about the contract of a table. */
export interface GateInput {
  readonly schema: Schema
  readonly table: NamedTable
  readonly outline: TableOutline
  /** The gate of the table that contains it; undefined for the root. */
  readonly container: TableGate | undefined
  /** The mode that kept the root table out of the schema when it was extracted. */
  readonly refusedRoot: ContractMode | undefined
  /** Takes the error of a new table where tables are frozen. */
  readonly refuse: (error: DataValidationError) => void
  /** Source paths that were let into a new table before rows were discarded; undefined when none were. */
  readonly decided: ReadonlySet<string> | undefined
}

/** Reads the contract of a table. A new table takes the columns of its first row; what later rows bring is new to it. */
export function openGate(input: GateInput): TableGate {
  const { schema, table, container } = input
  const modes = tableModes(input)
  const refusedBy = refusal(input, modes)
  if (refusedBy === 'freeze' && container?.refusedBy === undefined) input.refuse(frozenTable(schema.name, table.name))
  const columns = table.stored !== undefined && evolvesColumnsOnce(table.stored) ? 'evolve' : modes.columns
  const first = columns !== 'evolve' && isNewTable(table.stored) ? firstRowFields(input) : undefined
  return {
    modes: container === undefined || table.stored !== undefined ? modes : container.modes,
    refusedBy,
    newColumn: (key) => (first?.has(key) === true ? 'evolve' : columns),
    newType: modes.data_type,
  }
}

function tableModes({ schema, table: { name, parentName, stored }, container }: GateInput): ContractModes {
  if (stored !== undefined) return contractOf(schema, stored)
  if (container !== undefined) return container.modes
  return contractOf(schema, parentName === undefined ? { name } : { name, parent: parentName })
}

function refusal({ table, container, refusedRoot }: GateInput, modes: ContractModes): ContractMode | undefined {
  if (container?.refusedBy !== undefined) return container.refusedBy
  if (container === undefined && refusedRoot !== undefined) return refusedRoot
  return modes.tables !== 'evolve' && isNewTable(table.stored) ? modes.tables : undefined
}

function firstRowFields({ outline, decided }: GateInput): ReadonlySet<string> {
  if (decided !== undefined) return decided
  const first = outline.novelRows.find(({ page, ordinal }) => page === outline.firstPage && ordinal === 0)
  return new Set(first?.values.map(({ field }) => field))
}

/** The gate of tables whose contract allows everything. */
export const openToAll: TableGate = {
  modes: evolveAll,
  refusedBy: undefined,
  newColumn: () => 'evolve',
  newType: 'evolve',
}

/** Identifies a list path of a package by the raw keys on the way to it. */
export function listKey(outline: TableOutline): string {
  return outline.parent === undefined ? '' : `${listKey(outline.parent)}${fieldKey(outline.path)}\n`
}
