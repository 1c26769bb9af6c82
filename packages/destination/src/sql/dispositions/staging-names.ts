import { digest128 } from '@dlt/schema'

/**
 * What the names of a load's staging tables begin with: pipeline and load id. Names that are too long for the database get a digest of both.
 *
 * @param maxLength longest identifier; some characters are left for a number behind the prefix
 */
export const stagingPrefix = (pipelineName: string, loadId: string, maxLength: number): string => {
  const full = `_dlt_staging_${pipelineName}_${loadId}`
  const room = maxLength - 6
  return full.length <= room ? full : `_dlt_staging_${digest128(full)}`
}
