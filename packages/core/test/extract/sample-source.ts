import type { Schema } from '@dlt/schema'
import type { ExtractSource } from '../../src/extract/plan-sources.ts'
import type { Resource } from '../../src/extract/resource.ts'
import { SourceStateDraft } from '../../src/state/source-state-draft.ts'

/** A planned source of one group of resources, with an empty state. */
export function sampleSource(schema: Schema, resources: readonly Resource[]): ExtractSource {
  const { name } = schema
  return { name, schema, givenSchema: schema, resources, groups: [{ resources }], state: new SourceStateDraft(name) }
}
