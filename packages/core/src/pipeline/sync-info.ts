/** What taking state and schemas from the destination came to. */
export interface SyncInfo {
  readonly pipelineName: string
  /** The dataset that was asked, as it is called at the destination. */
  readonly datasetName: string
  /**
   * - `restored`: state and schemas are those of the destination now
   * - `unchanged`: the destination has the same state
   * - `older`: the destination has an older state than this working directory
   * - `no-state`: the dataset has no state of the pipeline
   * - `no-dataset`: there is no dataset, and the pipeline never loaded anything
   * - `reset`: the dataset is gone, so the pipeline starts anew
   */
  readonly outcome: 'restored' | 'unchanged' | 'older' | 'no-state' | 'no-dataset' | 'reset'
  /** Version of the state at the destination, where it has one. */
  readonly stateVersion?: number
  /** The schemas that were taken from the destination. */
  readonly schemaNames: readonly string[]
  /** Schemas whose dataset of their own is gone: they and the state of their sources start anew. Absent where there are none. */
  readonly forgottenSchemas?: readonly string[]
}

type Outcome = SyncInfo['outcome']

const reasons: { readonly [outcome in Exclude<Outcome, 'restored' | 'reset'>]: (info: SyncInfo) => string } = {
  unchanged: ({ stateVersion }) => `its state version ${stateVersion} is the one that is here`,
  older: ({ stateVersion }) => `its state version ${stateVersion} is older than the one that is here`,
  'no-state': () => 'it has no state of this pipeline',
  'no-dataset': () => 'it does not exist yet',
}

/** One line that says what was restored from where, or why not. */
export function syncLine(info: SyncInfo): string {
  const { pipelineName, datasetName, outcome, stateVersion, schemaNames } = info
  const schemas = schemaNames.map((name) => `"${name}"`).join(', ') || 'none'
  if (outcome === 'reset')
    return `Pipeline "${pipelineName}": dataset "${datasetName}" is gone, and loading starts anew.`
  if (outcome === 'restored') {
    return `Pipeline "${pipelineName}": state version ${stateVersion} and schemas ${schemas} were restored from dataset "${datasetName}".`
  }
  const only = schemaNames.length === 0 ? 'nothing was' : `only the schemas ${schemas} were`
  return `Pipeline "${pipelineName}": ${only} restored from dataset "${datasetName}": ${reasons[outcome](info)}.`
}
