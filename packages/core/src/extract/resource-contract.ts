import { expandContract, type SchemaContract } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import type { ItemContract } from '../items/item-contract.ts'
import type { RejectedData } from '../items/rejected-data.ts'
import type { ItemQuarantine } from './item-quarantine.ts'

/** What contracts of items are made of. */
export interface ItemContractScope {
  readonly schemaName: string
  /** The contract of the run, which wins. */
  readonly given: SchemaContract | undefined
  /** Keeps what is discarded. Default: it is only counted. */
  readonly quarantine?: ItemQuarantine
}

/**
 * The contract for the items of a resource; undefined where none is given: then every item must fit.
 */
export function itemContract(
  { name, options }: Resource,
  { schemaName, given, quarantine }: ItemContractScope,
): ItemContract | undefined {
  const contract = given ?? options.schemaContract
  if (contract === undefined || typeof contract === 'function') return undefined
  const counted = new Map<string, RejectedData>()
  const { tableName = name } = options
  const table = typeof tableName === 'string' ? tableName : name
  return {
    schemaName,
    tableName: table,
    modes: itemModes(contract),
    note: (discarded) => {
      const { entity, column, mode, unit } = discarded
      const key = JSON.stringify([entity, column, mode, unit])
      const count = (counted.get(key)?.[unit] ?? 0) + 1
      counted.set(key, { table, ...(column !== '' && { column }), entity, mode, [unit]: count })
      return quarantine?.add(table, discarded)
    },
    rejected: () => [...counted.values()],
  }
}

/** What a contract leaves out stays as without one: an item that does not fit fails. */
function itemModes(contract: SchemaContract): ItemContract['modes'] {
  if (typeof contract === 'string') return expandContract(contract)
  const { columns = 'freeze', data_type = 'freeze' } = contract
  return { columns, data_type }
}
