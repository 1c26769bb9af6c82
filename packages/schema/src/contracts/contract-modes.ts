import type { ContractMode, SchemaContract } from '../schema.ts'

/** What a contract is about: new tables, new columns, and values whose type a column cannot hold. */
export type ContractEntity = 'tables' | 'columns' | 'data_type'

/** The mode of each entity. */
export type ContractModes = Readonly<Record<ContractEntity, ContractMode>>

/** The entities, in the order in which they are judged. */
export const contractEntities: readonly ContractEntity[] = ['tables', 'columns', 'data_type']

/** The modes that a contract can have. */
export const contractModes: readonly ContractMode[] = ['evolve', 'freeze', 'discard_row', 'discard_value']

/** The contract that allows everything. */
export const evolveAll: ContractModes = { tables: 'evolve', columns: 'evolve', data_type: 'evolve' }

/** The modes of a contract: a single mode is meant for all entities; what is left out evolves. */
export function expandContract(contract: SchemaContract | undefined): ContractModes {
  if (contract === undefined) return evolveAll
  if (typeof contract === 'string') return { tables: contract, columns: contract, data_type: contract }
  const { tables = 'evolve', columns = 'evolve', data_type = 'evolve' } = contract
  return { tables, columns, data_type }
}

/** Whether a contract allows everything. */
export function evolvesFreely(modes: ContractModes): boolean {
  return contractEntities.every((entity) => modes[entity] === 'evolve')
}
