import { DltError } from '@dlt/schema'
import type { LoadedPackage } from '../load/load-info.ts'
import { abortPackages, type FindLoaded } from './abort-packages.ts'
import type { PipelineSession } from './pipeline-session.ts'

/**
 * Gives up the package that the destination refused, as `pipeline.abort` does, with its extract and what was extracted later.
 * It stays and waits where a part of that is at the destination: those rows would be extracted again.
 *
 * @returns the packages, the refused one noted as aborted where it was given up
 */
export async function abortFailed(
  session: PipelineSession,
  packages: readonly LoadedPackage[],
  findLoaded: FindLoaded,
): Promise<readonly LoadedPackage[]> {
  const failed = packages.find(({ state }) => state === 'failed')
  if (failed === undefined) return packages
  try {
    await abortPackages(session, failed.loadId, findLoaded)
  } catch (error) {
    if (!DltError.is(error) || error.code !== 'PACKAGE') throw error
    session.logger.warning(error.message)
    return packages
  }
  return packages.map((one) => (one === failed ? { ...one, isAborted: true } : one))
}

/** Says in the log what failed: it raises nothing, and must not be missed. */
export function reportFailures({ logger, pipelineName }: PipelineSession, packages: readonly LoadedPackage[]): void {
  for (const { loadId, failure, isAborted = false } of packages) {
    if (failure === undefined) continue
    const next = isAborted
      ? 'it was given up, and the next run extracts its rows again'
      : 'and the next run tries it again before it extracts anything'
    logger.error(
      `Pipeline "${pipelineName}": load package "${loadId}" failed, nothing of it is visible, ${next}: ${failure.message}`,
    )
  }
}

/** @throws DltError `DESTINATION` for a package that failed */
export function throwFailure(packages: readonly LoadedPackage[]): void {
  const refused = packages.find(({ failure }) => failure !== undefined)
  if (refused === undefined) return
  const next =
    refused.isAborted === true ? 'it was given up: the next run extracts its rows again' : 'the next run tries it again'
  throw new DltError(
    `The destination refused load package "${refused.loadId}": ${refused.failure?.message} Nothing of it is visible, and ${next}.`,
    { code: 'DESTINATION', context: { loadId: refused.loadId } },
  )
}

/** Whether a package holds back everything else. */
export function isBlocking({ state, isAborted = false }: LoadedPackage): boolean {
  return state === 'failed' && !isAborted
}
