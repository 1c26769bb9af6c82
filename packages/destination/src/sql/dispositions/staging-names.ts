import { digest128 } from '@dlt/schema'

/**
 * What the names of a load's staging tables begin with: pipeline, load id, and where it is given the table. What is too long for the database
 * becomes a digest of all.
 *
 * @param maxLength longest identifier; some characters are left for a number behind the prefix
 */
export const stagingPrefix = (pipelineName: string, loadId: string, maxLength: number, table?: string): string => {
  const full = `_dlt_staging_${pipelineName}_${loadId}${table === undefined ? '' : `_${table}`}`
  const room = maxLength - 6
  // Some databases count bytes, and cut off what is too long without a word.
  return Buffer.byteLength(full) <= room ? full : `_dlt_staging_${digest128(full)}`
}
