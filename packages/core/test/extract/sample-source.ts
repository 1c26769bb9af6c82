import type { Schema } from '@dlt/schema'
import type { Resource } from '../../src/declare/resource.ts'
import type { ExtractSource } from '../../src/extract/plan-sources.ts'
import { SourceStateDraft } from '../../src/state/source-state-draft.ts'

/** A planned source of one group of resources, with an empty state. */
export function sampleSource(schema: Schema, resources: readonly Resource[]): ExtractSource {
  const { name } = schema
  return { name, schema, givenSchema: schema, resources, groups: [{ resources }], state: new SourceStateDraft(name) }
}
