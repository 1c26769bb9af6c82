import {
  type ContractMode,
  contractEntities,
  contractModes,
  DltError,
  nearestName,
  refuseUnknownOptions,
  type SchemaContract,
} from '@dlt/schema'

/**
 * Checks a schema contract, for callers without types; `subject` begins the message.
 * @throws DltError `CONFIGURATION` naming the entity or mode that does not exist, and the one that was probably meant
 */
export function checkSchemaContract(contract: SchemaContract | undefined, subject: string): void {
  if (contract === undefined) return
  if (typeof contract === 'string') {
    checkMode(contract, `${subject}: schemaContract`)
    return
  }
  if (typeof contract !== 'object' || contract === null || Array.isArray(contract)) {
    throw new DltError(
      `${subject}: schemaContract must be a mode (${modeList}), or modes by entity: { columns: 'freeze' }.`,
      { code: 'CONFIGURATION' },
    )
  }
  refuseUnknownOptions(`${subject}: schemaContract`, contract, contractEntities)
  for (const entity of contractEntities) {
    const mode = contract[entity]
    if (mode !== undefined) checkMode(mode, `${subject}: schemaContract for "${entity}"`)
  }
}

const modeList = contractModes.join(', ')

function checkMode(mode: ContractMode, subject: string): void {
  if (contractModes.includes(mode)) return
  const meant = typeof mode === 'string' ? nearestName(mode, contractModes) : undefined
  const remedy = meant === undefined ? '' : ` Write "${meant}".`
  throw new DltError(`${subject} must be one of ${modeList}, and is not.${remedy}`, { code: 'CONFIGURATION' })
}
