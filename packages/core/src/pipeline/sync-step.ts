import { inflateSync } from 'node:zlib'
import type { DestinationClient, StoredSchema } from '@dlt/destination'
import { DltError, type Schema, schemaFromJson } from '@dlt/schema'
import { decodeStateBlob, type PipelineState } from '../state/pipeline-state.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { type PipelineTarget, withClient } from './pipeline-target.ts'

/**
 * Takes state and schemas from the destination where they are not older than the local ones. A pipeline that loaded before,
 * has nothing pending and finds its dataset gone starts anew.
 */
export async function syncStep(session: PipelineSession, target: PipelineTarget): Promise<void> {
  await withClient(target, async (client) => {
    if (!(await client.hasDataset())) return forgetDropped(session, client)
    const stored = await client.storedState(session.pipelineName)
    const local = session.state
    const remote = stored && decodeStateBlob(stored.state, local._local, `dataset "${client.datasetName}"`)
    if (remote !== undefined && isNewer(remote, local)) return restore(session, client, remote)
    await restoreMissingSchemas(session, client)
  })
}

function isNewer(remote: PipelineState, local: PipelineState): boolean {
  return remote._state_version >= local._state_version && remote._version_hash !== local._version_hash
}

async function forgetDropped(session: PipelineSession, client: DestinationClient): Promise<void> {
  const isUsed = !session.state._local.first_run
  if (!isUsed || (await session.hasPendingPackages())) return
  session.logger.warning(
    `Pipeline "${session.pipelineName}": dataset "${client.datasetName}" does not exist any more, so state and schemas are forgotten and loading starts anew.`,
  )
  await session.reset()
}

async function restore(session: PipelineSession, client: DestinationClient, remote: PipelineState): Promise<void> {
  const { state: local, pipelineName } = session
  const schemas = new Map<string, Schema>()
  for (const name of remote.schema_names ?? []) {
    const schema = await downloadSchema(client, name)
    if (schema !== undefined) schemas.set(name, schema)
  }
  const restored: PipelineState = {
    ...remote,
    ...(local.dataset_name !== undefined && { dataset_name: local.dataset_name }),
    _local: { ...local._local, first_run: false, _last_extracted_hash: remote._version_hash ?? '' },
  }
  await session.store({ state: restored, schemas })
  session.logger.info(
    `Pipeline "${pipelineName}": state version ${remote._state_version} and schemas ${names(schemas)} were restored from dataset "${client.datasetName}".`,
  )
}

async function restoreMissingSchemas(session: PipelineSession, client: DestinationClient): Promise<void> {
  const schemas = new Map(session.schemas)
  for (const name of session.state.schema_names ?? []) {
    if (schemas.has(name)) continue
    const schema = await downloadSchema(client, name)
    if (schema !== undefined) schemas.set(name, schema)
  }
  if (schemas.size > session.schemas.size) await session.store({ ...session.snapshot, schemas })
}

async function downloadSchema(client: DestinationClient, name: string): Promise<Schema | undefined> {
  const stored = await client.storedSchema(name)
  return stored && schemaFromJson(schemaText(stored, client.datasetName))
}

/** Long schemas are stored compressed: base64 of zlib. */
function schemaText({ schema, schemaName }: StoredSchema, dataset: string): string {
  if (schema.startsWith('{')) return schema
  try {
    return inflateSync(Buffer.from(schema, 'base64')).toString('utf8')
  } catch (cause) {
    throw new DltError(
      `Schema "${schemaName}" of dataset "${dataset}" cannot be read: it is neither JSON nor compressed. Remove its row from "_dlt_version".`,
      { code: 'SCHEMA', context: { schema: schemaName, dataset }, cause },
    )
  }
}

function names(schemas: ReadonlyMap<string, Schema>): string {
  return [...schemas.keys()].map((name) => `"${name}"`).join(', ') || 'none'
}
