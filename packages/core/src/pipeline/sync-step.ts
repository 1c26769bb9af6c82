import type { DestinationClient, StoredState } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import { type PipelineTarget, withClient } from '../destinations/pipeline-target.ts'
import { latestLoadId } from '../packages/load-id.ts'
import { type PipelineState, withLocal } from '../state/pipeline-state.ts'
import { decodeStoredState } from '../state/stored-state.ts'
import { differingSchemas, laterSchemas } from './changed-schemas.ts'
import { downloadSchemas, type SchemaSource } from './download-schemas.ts'
import { forgetDroppedDatasets } from './forget-dropped-datasets.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { type SyncInfo, syncLine } from './sync-info.ts'

/** Where state and schemas are taken from. */
export interface SyncSource {
  /** The pipeline's dataset, which has the state. */
  readonly main: PipelineTarget
  /** The same where no schema is known yet that says how the dataset's name is normalized: by its other possible names. */
  otherNames(): readonly PipelineTarget[]
  /** The dataset of a schema, with the default schema that a state names. */
  targetOf(schemaName: string, defaultSchemaName: string | null | undefined): PipelineTarget
}

/**
 * Takes state and schemas from the destination where they are newer than the local ones, or where those are missing, and says in one
 * line what was taken or why nothing was. A pipeline that loaded before and finds its dataset gone starts anew; where schemas have datasets of
 * their own, each that is gone does so. Nothing may be pending.
 *
 * What was taken is stored by replacing the cache, schemas first: a crash in between leaves the older state, and the next run takes
 * everything again.
 */
export async function syncStep(session: PipelineSession, source: SyncSource): Promise<SyncInfo> {
  const info = await firstFound(session, source)
  if (info.outcome !== 'reset') session.logger.info(syncLine(info))
  const forgotten = await forgetDroppedDatasets(session, {
    main: source.main,
    targetOf: (name) => source.targetOf(name, session.state.default_schema_name),
  })
  return forgotten.length === 0 ? info : { ...info, forgottenSchemas: forgotten }
}

async function firstFound(session: PipelineSession, source: SyncSource): Promise<SyncInfo> {
  const { main } = source
  const info = await withClient(main, (client) => synchronize(session, source, client))
  if (info.outcome !== 'no-dataset') return info
  for (const target of source.otherNames()) {
    const found = await withClient(target, async (client) => {
      const isOther = client.datasetName !== info.datasetName && (await client.hasDataset())
      return isOther ? synchronize(session, { ...source, main: target }, client) : undefined
    })
    if (found?.outcome === 'restored') return found
  }
  return info
}

async function synchronize(session: PipelineSession, source: SyncSource, client: DestinationClient): Promise<SyncInfo> {
  const { pipelineName, state } = session
  const { datasetName } = client
  const asked = { pipelineName, datasetName, schemaNames: [] }
  if (!(await client.hasDataset())) {
    return { ...asked, outcome: await forgetDropped(session, client, source.main) }
  }
  const stored = await client.storedState(pipelineName)
  if (stored === undefined) {
    await storeStateAgain(session)
    return { ...asked, outcome: 'no-state' }
  }
  const remote = decodeStoredState(stored.state, state._local, `dataset "${datasetName}"`)
  const found = { ...asked, stateVersion: remote._state_version }
  const schemaSource = {
    main: source.main,
    client,
    targetOf: (name: string) => source.targetOf(name, remote.default_schema_name),
  }
  if (isNewer(remote, state)) {
    const schemas = await downloadSchemas(session, remote.schema_names ?? [], schemaSource)
    // A dataset that was copied names another one in its state; data goes to where the pipeline loads now.
    const here = { ...remote, dataset_name: source.main.context.datasetName }
    await restore(session, here, schemas, stored.loadId)
    return { ...found, outcome: 'restored', schemaNames: [...schemas.keys()] }
  }
  const taken = await takeSchemas(session, stored, schemaSource)
  const outcome = remote._version_hash === state._version_hash ? 'unchanged' : 'older'
  return { ...found, outcome, schemaNames: taken }
}

/** Takes schemas that are missing here, and those that were changed elsewhere while the state stayed the same. */
async function takeSchemas(
  session: PipelineSession,
  stored: StoredState,
  source: SchemaSource,
): Promise<readonly string[]> {
  const { state, schemas } = session
  const { main, targetOf } = source
  const lacking = (state.schema_names ?? []).filter((name) => !schemas.has(name))
  // The loads of schemas with a dataset of their own are not in this one.
  const isHere = (name: string) => targetOf(name).context.datasetName === main.context.datasetName
  const missing = await downloadSchemas(session, lacking, source)
  const differing = await downloadSchemas(session, differingSchemas(schemas, stored).filter(isHere), source)
  const taken = new Map([...missing, ...laterSchemas(differing, schemas)])
  if (taken.size > 0) await session.store({ state, schemas: new Map([...schemas, ...taken]) })
  return [...taken.keys()]
}

function isNewer(remote: PipelineState, local: PipelineState): boolean {
  return remote._state_version >= local._state_version && remote._version_hash !== local._version_hash
}

async function forgetDropped(
  session: PipelineSession,
  { datasetName }: DestinationClient,
  { context }: PipelineTarget,
): Promise<'no-dataset' | 'reset'> {
  const { state, logger, pipelineName } = session
  if (state._local.first_run) return 'no-dataset'
  const before = state.dataset_name ?? context.datasetName
  if (before === context.datasetName) {
    logger.warning(
      `Pipeline "${pipelineName}": the dataset "${datasetName}" does not exist any more, so state and schemas are forgotten and loading starts anew.`,
    )
  } else {
    logger.info(
      `Pipeline "${pipelineName}": the dataset "${datasetName}" is new, so loading starts anew; state and schemas stay in the dataset "${before}".`,
    )
  }
  await session.reset()
  return 'reset'
}

// The dataset does not hold the state that the pipeline believes it has stored there: the next extract brings it again.
async function storeStateAgain(session: PipelineSession): Promise<void> {
  const { state, schemas } = session
  if (state._local._last_extracted_hash === undefined) return
  const { _last_extracted_hash, ...local } = state._local
  await session.store({ schemas, state: { ...state, _local: local } })
}

async function restore(
  session: PipelineSession,
  remote: PipelineState,
  schemas: ReadonlyMap<string, Schema>,
  loadId: string,
): Promise<void> {
  const { _version_hash: hash } = remote
  const known = [session.lastLoadId, loadId].filter((one) => one !== undefined)
  const state = withLocal(remote, {
    ...session.state._local,
    first_run: false,
    ...(hash !== undefined && { _last_extracted_hash: hash }),
    _last_load_id: latestLoadId(known) ?? loadId,
  })
  await session.store({ state, schemas })
}
