import { createShredder, pageParts } from '@dlt/normalize-json'
import {
  bumpSchema,
  hashSchema,
  normalizeTable,
  pipelineStateTable,
  type Schema,
  schemaNaming,
  updateTable,
} from '@dlt/schema'
import type { PipelineState } from '../state/pipeline-state.ts'
import { encodeStoredState } from '../state/stored-state.ts'
import { writePackageFile } from './package-file.ts'
import type { PackageWriter } from './package-writer.ts'

const hashHistory = 10

/**
 * A schema with the table of states, its version counted. The reference system counts the schema before it adds the table, and
 * again after it, but as one change: the hash in between joins the previous ones.
 */
export function withStateTable(schema: Schema): Schema {
  const before = bumpSchema(schema)
  // As the reference system writes it: without a description, and with the keys in this order.
  const { description: _, name, resource = name, ...table } = normalizeTable(pipelineStateTable(), schemaNaming(schema))
  const after = updateTable(before, { ...table, name, resource }, { mergeCompoundProperties: false }).schema
  if (before === schema) return bumpSchema(after)
  const hash = hashSchema(after)
  if (hash === before.version_hash) return before
  const previous = [before.version_hash, ...before.previous_hashes].slice(0, hashHistory)
  return { ...after, version_hash: hash, previous_hashes: previous }
}

/** Adds the row of a state to a package of a schema that has the table of states. */
export async function writeStateRow(writer: PackageWriter, schema: Schema, state: PipelineState): Promise<void> {
  const shredder = createShredder({ maxNesting: 0 })
  shredder.add({
    version: state._state_version,
    engine_version: state._state_engine_version,
    pipeline_name: state.pipeline_name,
    state: encodeStoredState(state),
    created_at: new Date(),
    version_hash: state._version_hash,
  })
  await writePackageFile(writer, {
    tableName: normalizeTable(pipelineStateTable(), schemaNaming(schema)).name,
    kind: 'pages',
    extension: 'page',
    rows: 1,
    parts: pageParts(shredder.takePage()),
  })
}
