import dlt, { type Logger, type Resource } from '@dlt/core'
import { postgres } from '@dlt/destination-postgres'
import type { ShopRun, ShopTable } from './shop-run.ts'

const resourceOf = ({ name, disposition, rows, firstId = 0 }: ShopTable, round: number): Resource => {
  const lines = [{ sku: 'a' }, { sku: 'b' }]
  const items = Array.from({ length: rows }, (_, at) => ({ id: firstId + at, round, lines }))
  if (disposition === 'append' || disposition === 'replace')
    return dlt.resource({ name, writeDisposition: disposition }, () => items)
  const writeDisposition = { disposition: 'merge', strategy: disposition } as const
  return dlt.resource({ name, writeDisposition, ...(disposition !== 'scd2' && { primaryKey: 'id' }) }, () => items)
}

/** Makes a run in this process. */
export const runShopHere = async (
  { url, datasetName, pipelineName, workingDir, round, tables, replaceStrategy = 'truncate-and-insert' }: ShopRun,
  logger?: Logger,
): Promise<void> => {
  // On a busy machine sixteen processes start slowly.
  const destination = postgres({ credentials: `${url}?connect_timeout=120`, replaceStrategy })
  const options = { pipelineName, datasetName, workingDir, destination, ...(logger !== undefined && { logger }) }
  await using pipeline = dlt.pipeline(options)
  await pipeline.run(tables.map((table) => resourceOf(table, round)))
}
