import { DltError } from '@dlt/schema'
import type { PipelineSession } from './pipeline-session.ts'

/** One line that says why `run` takes nothing from the destination. */
export function notRestoredLine(pipelineName: string, isDevMode: boolean): string {
  const why = isDevMode ? 'in development mode each process starts anew' : 'restoreFromDestination is false'
  return `Pipeline "${pipelineName}": nothing was restored: ${why}.`
}

/** The error of a pipeline in development mode that shall restore something. */
export function restoresNothing(pipeline: string): DltError {
  return new DltError(
    `Pipeline "${pipeline}" is in development mode, which starts anew and restores nothing. Make it without devMode.`,
    { code: 'CONFIGURATION', context: { pipeline } },
  )
}

/**
 * Refuses to replace state and schemas while packages wait that were made with them.
 * @throws DltError `PACKAGE` naming them
 */
export function refuseWaiting(session: PipelineSession): void {
  const { pipelineName: pipeline } = session
  const loadIds = session.pendingGroups().flatMap(({ packages }) => packages.map(({ loadId }) => loadId))
  const [first] = loadIds
  if (first === undefined) return
  throw new DltError(
    `Pipeline "${pipeline}" has load packages that wait: ${loadIds.join(', ')}. Finish them with pipeline.retry('${first}'), or give them up with pipeline.abort('${first}'), then try again.`,
    { code: 'PACKAGE', context: { pipeline, loadId: first } },
  )
}
