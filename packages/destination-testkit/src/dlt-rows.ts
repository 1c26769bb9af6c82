import type { DestinationClient } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import type { CaseContext } from './conformance-case.ts'
import { column } from './sample-schema.ts'

/** Load ids with a row in `_dlt_loads`, sorted. */
export const finishedLoads = async (
  { rows }: CaseContext,
  client: DestinationClient,
): Promise<readonly (string | null)[]> =>
  (await rows(client, '_dlt_loads', [column('load_id', 'text')])).map(([loadId = null]) => loadId)

/** Hashes in `_dlt_version`, one per row, sorted. */
export const storedHashes = async (
  { rows }: CaseContext,
  client: DestinationClient,
): Promise<readonly (string | null)[]> =>
  (await rows(client, '_dlt_version', [column('version_hash', 'text')])).map(([hash = null]) => hash)

/** The hashes that are expected there. */
export const hashesOf = (...schemas: readonly Schema[]): readonly string[] =>
  schemas
    .map(({ version_hash: hash }) => hash)
    .sort((left, right) => (JSON.stringify([left]) < JSON.stringify([right]) ? -1 : 1))
