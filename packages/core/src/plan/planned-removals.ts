import type { SourceRefresh } from '../packages/source-refresh.ts'
import type { PlannedRemoval } from './run-plan.ts'

/** What a package removes before its rows are loaded; nothing where nothing begins anew. */
export function plannedRemovals(datasetName: string, refresh: SourceRefresh | undefined): readonly PlannedRemoval[] {
  const { dropTables = [], truncateTables = [] } = refresh ?? {}
  return [
    ...dropTables.map((tableName): PlannedRemoval => ({ datasetName, tableName, removes: 'table' })),
    ...truncateTables.map((tableName): PlannedRemoval => ({ datasetName, tableName, removes: 'rows' })),
  ]
}
