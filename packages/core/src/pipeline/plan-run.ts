import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Destination } from '@dlt/destination'
import { schemaRefresh } from '../load/load-package.ts'
import type { NormalizedPackageInfo } from '../normalize/normalize-info.ts'
import { readGroups, type StoredPackage } from '../packages/package-group.ts'
import { type PipelineSnapshot, writeCache } from '../packages/state-cache.ts'
import { WorkingDirectory } from '../packages/working-directory.ts'
import { plannedRemovals } from '../plan/planned-removals.ts'
import { plannedTables } from '../plan/planned-tables.ts'
import { type PlanFacts, type PlannedRemoval, type PlannedTable, type PlanProblem, RunPlan } from '../plan/run-plan.ts'
import type { DestinationBinding } from './destination-binding.ts'
import { pendingTarget } from './pending-target.ts'
import { PipelineSession, type SessionOptions } from './pipeline-session.ts'
import { PipelineStepFailed } from './pipeline-step-failed.ts'
import type { PipelineSteps } from './pipeline-steps.ts'
import { problemOf, schemaProblems } from './plan-problems.ts'
import { ReusedClient } from './reused-client.ts'

/** What a plan is made of. */
export interface PlanInput {
  readonly pipelineName: string
  readonly logger: SessionOptions['logger']
  readonly schemaFiles: SessionOptions['schemaFiles']
  /** State and schemas that the run would start from. */
  readonly snapshot: PipelineSnapshot
  readonly pendingLoadIds: readonly string[]
  readonly binding: DestinationBinding
  readonly destination: Destination
  stepsOf(session: PipelineSession): PipelineSteps
  /** Takes what is newer at the destination. */
  sync(steps: PipelineSteps): Promise<void>
  extract(steps: PipelineSteps, session: PipelineSession): Promise<void>
}

/**
 * Extracts and normalizes data as a run would, in a folder that is removed afterwards, and compares the outcome with the destination,
 * which is only read. State, cursors and schemas of the pipeline stay as they are.
 */
export async function planRun(input: PlanInput): Promise<RunPlan> {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-plan-'))
  try {
    return await planIn(join(folder, 'work'), input)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function planIn(path: string, input: PlanInput): Promise<RunPlan> {
  const { pipelineName, logger, schemaFiles, snapshot, destination, pendingLoadIds } = input
  const working = new WorkingDirectory(path, pipelineName)
  await working.create()
  await working.prepare()
  await writeCache(working, snapshot)
  const session = await PipelineSession.open({ pipelineName, working, logger, schemaFiles })
  const facts = { pipelineName, destinationName: destination.name, pendingLoadIds }
  const steps = input.stepsOf(session)
  try {
    await input.sync(steps)
    const { schemas: before } = session
    await input.extract(steps, session)
    const infos = await steps.normalize()
    return new RunPlan({ ...facts, ...(await comparePackages(session, input, { before, infos })) })
  } catch (error) {
    const problem = problemOf(error)
    if (problem === undefined) throw ofPlan(error)
    return new RunPlan({ ...facts, tables: [], removals: [], problems: [problem] })
  }
}

/** Packages of a plan are gone with its folder: none waits, and none can be given up. */
function ofPlan(error: unknown): unknown {
  if (!(error instanceof PipelineStepFailed)) return error
  const { pipeline, step, cause } = error
  return new PipelineStepFailed({ pipeline, step, cause, hasPendingPackages: false })
}

type Compared = Pick<PlanFacts, 'tables' | 'removals' | 'problems'>

async function comparePackages(
  session: PipelineSession,
  { binding, destination }: PlanInput,
  { before, infos }: { readonly before: PipelineSession['schemas']; readonly infos: readonly NormalizedPackageInfo[] },
): Promise<Compared> {
  await using clients = new ReusedClient()
  const tables: PlannedTable[] = []
  const removals: PlannedRemoval[] = []
  const problems: PlanProblem[] = []
  for (const group of readGroups(session.working, 'normalized')) {
    for (const stored of group.packages) {
      const client = await clients.for(pendingTarget(session, binding, destination, group, stored))
      const { schema } = stored
      const info = infos.find(({ loadId }) => loadId === stored.loadId)
      const names = tablesOf(stored)
      const comparison = await client.compareSchema?.(schema, names, schemaRefresh(stored.loadId, stored.manifest))
      const { rowCounts = new Map<string, number>(), formats = new Map<string, string>(), warnings = [] } = info ?? {}
      const { datasetName } = client
      removals.push(...plannedRemovals(datasetName, stored.manifest.refresh))
      tables.push(
        ...plannedTables({
          before: before.get(schema.name),
          after: schema,
          rowCounts,
          formats,
          datasetName,
          comparison,
          dropTables: stored.manifest.refresh?.dropTables ?? [],
        }),
      )
      problems.push(...schemaProblems(schema, names, destination.capabilities, comparison))
      problems.push(...warnings.map((message) => ({ severity: 'warning' as const, message })))
    }
  }
  return { tables, removals, problems }
}

function tablesOf({ manifest }: StoredPackage): readonly string[] {
  return [...new Set([...manifest.files.map(({ tableName }) => tableName), ...manifest.replacedTables])]
}
