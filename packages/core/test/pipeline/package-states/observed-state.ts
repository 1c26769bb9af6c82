import { expect } from 'vitest'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Shop } from './shop.ts'

const datasets = ['shop', 'elsewhere'] as const

/** What became of the package: its state as working directory, destination and pipeline say, and its rows at the destination. */
export interface Observed {
  /** `gone` where no trace of it counts, or only its rows. */
  readonly state: string
  readonly rows: readonly unknown[]
  /** Its rows in another dataset than it was extracted for. */
  readonly elsewhere: readonly unknown[]
  /** Whether its load id will not be given again. */
  readonly isRemembered: boolean
}

/**
 * Looks at the package as a new process would.
 * @param hasTurned whether the pipeline went on elsewhere, with a state and schemas of its own
 */
export async function observe(shop: Shop, loadId: string, hasTurned: boolean): Promise<Observed> {
  const { warehouse } = shop
  expectConsistent(warehouse)
  const pipeline = shop.pipeline()
  const { defaultSchema, defaultSchemaName, state } = pipeline
  const pending = (await pipeline.pendingPackages()).find((one) => one.loadId === loadId)
  const isCommitted = datasets.some((dataset) => warehouse.values(dataset, '_dlt_loads', 'load_id').includes(loadId))
  // While the package counts, state and schemas are those that it results in; without it, those that its extract started from.
  const isKnown = defaultSchema?.tables.has('orders') === true
  if (pending !== undefined) expect([isKnown, defaultSchemaName]).toEqual([true, 'shop'])
  if (pending === undefined && !isCommitted) expect(isKnown).toBe(false)
  if (defaultSchema === undefined) expect(state).toMatchObject({ _state_version: 0, _local: { first_run: true } })
  const last = state._local._last_load_id
  const isLoaded = isCommitted && (isKnown || hasTurned)
  return {
    state: pending === undefined ? (isLoaded ? 'loaded' : 'gone') : isCommitted ? 'committed' : pending.state,
    rows: warehouse.values('shop', 'orders', 'id'),
    elsewhere: warehouse.values('elsewhere', 'orders', 'id'),
    isRemembered: last !== undefined && Number(last) >= Number(loadId),
  }
}

/** What must hold at the destination whatever happened: nothing of an unfinished load is visible, and no load is there twice. */
function expectConsistent(warehouse: Warehouse): void {
  for (const dataset of datasets) {
    const loadIds = warehouse.values(dataset, '_dlt_loads', 'load_id')
    expect(new Set(loadIds).size).toBe(loadIds.length)
    const hashes = warehouse.values(dataset, '_dlt_version', 'version_hash')
    for (const hash of warehouse.values(dataset, '_dlt_loads', 'schema_version_hash')) expect(hashes).toContain(hash)
    for (const table of ['orders', 'others', 'neighbours', '_dlt_pipeline_state']) {
      for (const loadId of warehouse.values(dataset, table, '_dlt_load_id')) expect(loadIds).toContain(loadId)
    }
  }
}
