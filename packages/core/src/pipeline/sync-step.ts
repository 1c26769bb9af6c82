import type { DestinationClient } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import { latestLoadId } from '../packages/load-id.ts'
import { type PipelineState, withLocal } from '../state/pipeline-state.ts'
import { decodeStoredSchema, decodeStoredState } from '../state/stored-state.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { type PipelineTarget, withClient } from './pipeline-target.ts'

/**
 * Takes state and schemas from the destination where they are newer than the local ones, or where those are missing. A pipeline
 * that loaded before and finds its dataset gone starts anew. Nothing may be pending.
 *
 * What was taken is stored by replacing the cache, schemas first: a crash in between leaves the older state, and the next run takes
 * everything again.
 */
export async function syncStep(session: PipelineSession, target: PipelineTarget): Promise<void> {
  await withClient(target, async (client) => {
    if (!(await client.hasDataset())) return forgetDropped(session, client, target)
    const stored = await client.storedState(session.pipelineName)
    const { state } = session
    if (stored === undefined) return storeStateAgain(session)
    const remote = decodeStoredState(stored.state, state._local, `dataset "${client.datasetName}"`)
    if (isNewer(remote, state)) {
      // A dataset that was copied names another one in its state; data goes to where the pipeline loads now.
      return restore(session, client, { ...remote, dataset_name: target.context.datasetName }, stored.loadId)
    }
    await restoreMissingSchemas(session, client)
  })
}

function isNewer(remote: PipelineState, local: PipelineState): boolean {
  return remote._state_version >= local._state_version && remote._version_hash !== local._version_hash
}

async function forgetDropped(
  session: PipelineSession,
  { datasetName }: DestinationClient,
  { context }: PipelineTarget,
): Promise<void> {
  const { state, logger, pipelineName } = session
  if (state._local.first_run) return
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
  client: DestinationClient,
  remote: PipelineState,
  loadId: string,
): Promise<void> {
  const { state: local, pipelineName, logger } = session
  const schemas = new Map<string, Schema>()
  for (const name of remote.schema_names ?? []) {
    const schema = await downloadSchema(session, client, name)
    if (schema !== undefined) schemas.set(name, schema)
  }
  const known = [session.lastLoadId, loadId].filter((one) => one !== undefined)
  const restored = withLocal(remote, {
    ...local._local,
    first_run: false,
    ...(remote._version_hash !== undefined && { _last_extracted_hash: remote._version_hash }),
    _last_load_id: latestLoadId(known) ?? loadId,
  })
  await session.store({ state: restored, schemas })
  logger.info(
    `Pipeline "${pipelineName}": state version ${remote._state_version} and schemas ${quoted(schemas.keys())} were restored from dataset "${client.datasetName}".`,
  )
}

async function restoreMissingSchemas(session: PipelineSession, client: DestinationClient): Promise<void> {
  const schemas = new Map(session.schemas)
  for (const name of session.state.schema_names ?? []) {
    if (schemas.has(name)) continue
    const schema = await downloadSchema(session, client, name)
    if (schema !== undefined) schemas.set(name, schema)
  }
  if (schemas.size > session.schemas.size) await session.store({ state: session.state, schemas })
}

async function downloadSchema(
  { logger, pipelineName }: PipelineSession,
  client: DestinationClient,
  name: string,
): Promise<Schema | undefined> {
  const dataset = `dataset "${client.datasetName}"`
  const stored = await client.storedSchema(name)
  if (stored !== undefined) return decodeStoredSchema(stored.schema, name, dataset)
  logger.warning(`Pipeline "${pipelineName}": ${dataset} does not have the schema "${name}" that its state names.`)
  return undefined
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(', ') || 'none'
}
