import type { SchemaContract } from '@dlt/schema'

/** A contract of a source or a run; undefined where it says nothing: `{}` there is none, as in the reference system. */
export function givenContract(contract: SchemaContract | undefined): SchemaContract | undefined {
  return typeof contract === 'object' && Object.keys(contract).length === 0 ? undefined : contract
}
