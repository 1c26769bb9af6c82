import type { Destination } from '@dlt/destination'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import type { DropPlan } from '../refresh/plan-drop.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { commitChange } from './commit-change.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** What dropping works with. */
export interface DropStepInput {
  readonly plan: DropPlan
  /** What the state says of dataset and destination. */
  readonly properties: Partial<PipelineState>
  readonly destination: Destination
}

/** Makes a load package of a drop: tables and state are gone once it is loaded, and as they were when it is given up. */
export function dropStep(
  session: PipelineSession,
  { plan, properties, destination }: DropStepInput,
): Promise<readonly ExtractedPackage[]> {
  const { schema, sources, parts } = plan
  const refresh = { mode: 'drop_resources', dropTables: parts.tablesWithData, truncateTables: [] } as const
  return commitChange(session, {
    change: { schema, refresh },
    properties: { ...properties, ...(Object.keys(sources).length > 0 && { sources }) },
    destination,
  })
}
