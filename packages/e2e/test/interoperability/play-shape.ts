import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differingParts, type Parts, partsOf } from '../fixtures/compare-parts.ts'
import type { Observed, RunOutcome } from '../fixtures/recorded-case.ts'
import { pipelineName } from '../fixtures/run-spec.ts'
import { sortKeys } from '../fixtures/sort-keys.ts'
import { withRandomIds } from '../fixtures/stable-ids.ts'
import { settledState, withSettledStates } from '../scripts/settled-states.ts'
import type { Engine } from './engines/engine.ts'
import { datasetName, restoreHere, runHere } from './node-side.ts'
import type { Place, PythonSide, Restored } from './python-side.ts'
import type { Shape } from './shape.ts'
import { verifyHere } from './verify-here.ts'

/** What came of a shape, played by both systems in turn and by Python alone. */
export interface PlayedShape {
  /** Parts of what both left together that are not as Python alone left them; `null` for what is missing. */
  readonly differing: Parts
  /** What was warned of, with the side and the round. */
  readonly warnings: readonly string[]
  /** Parts of what each side restores on an empty machine that are not as Python alone restores them from its own dataset. */
  readonly restored: { readonly python: Parts; readonly here: Parts }
  /** Hashes of stored schemas that do not hold on a side. */
  readonly broken: { readonly python: readonly string[]; readonly here: readonly string[] }
}

/** The processes that play. */
export interface Players {
  /** Python, in turn with this system. */
  readonly partner: PythonSide
  /** Python alone. */
  readonly alone: PythonSide
}

/** The round, counted from 1, from which a side works on an empty machine. */
const movesAt = { python: 5, here: 6 }

/** Plays a shape: Python makes the odd rounds, this system the even ones, each in working directories of its own. */
export async function playShape(shape: Shape, engine: Engine, { partner, alone }: Players): Promise<PlayedShape> {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-interoperability-'))
  try {
    const places = async (): Promise<Places> => {
      const credentials = await engine.createDatabase(folder)
      const { destination = {} } = shape
      return (name) => ({ folder: join(folder, name), engine, credentials, destination })
    }
    const [ofOne, ofBoth] = [await places(), await places()]
    const [reference, together] = await Promise.all([
      playAlone(shape, alone, ofOne('alone')),
      playTogether(shape, partner, ofBoth),
    ])
    const own = await alone.restore(ofOne('alone, anew'))
    const last = ofBoth('python, at last')
    const restored = { python: await partner.restore(last), here: await restoreHere(ofBoth('here, at last')) }
    const observed = await observe(shape, together.outcomes, last, restored.here)
    const wanted = await observe(shape, reference.outcomes, ofOne('alone'), own)
    const stored = await engine.readSchemas(last.credentials, datasetName)
    const warnings = [...together.warnings, ...restored.python.warnings, ...restored.here.warnings]
    return {
      differing: differingParts(partsOf(wanted), partsOf(observed)),
      warnings: [...warnings, ...reference.warnings],
      restored: {
        python: differingParts(restoredParts(own), restoredParts(restored.python)),
        here: differingParts(restoredParts(own), restoredParts(restored.here)),
      },
      broken: { python: (await partner.verify(last)).broken, here: verifyHere(stored) },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Where a side works, by the name of its machine; all of them with one database. */
type Places = (machine: string) => Place

interface PlayedRounds {
  readonly outcomes: readonly RunOutcome[]
  readonly warnings: readonly string[]
}

async function playAlone(shape: Shape, alone: PythonSide, place: Place): Promise<PlayedRounds> {
  const outcomes: RunOutcome[] = []
  const heard: string[] = []
  for (const [at, run] of shape.rounds.entries()) {
    const { outcome, warnings } = await alone.run(place, run)
    outcomes.push(outcome)
    heard.push(...warnings.map((warning) => `Python alone, round ${at + 1}: ${warning}`))
  }
  return { outcomes, warnings: heard }
}

async function playTogether(shape: Shape, partner: PythonSide, places: Places): Promise<PlayedRounds> {
  const outcomes: RunOutcome[] = []
  const heard: string[] = []
  for (const [at, run] of shape.rounds.entries()) {
    const round = at + 1
    const side = round % 2 === 1 ? 'python' : 'here'
    const machine = places(`${side}, ${machineOf(shape, side, round)}`)
    const { outcome, warnings } = side === 'python' ? await partner.run(machine, run) : await runHere(machine, run)
    outcomes.push(outcome)
    heard.push(...warnings.map((warning) => `${side}, round ${round}: ${warning}`))
  }
  return { outcomes, warnings: heard }
}

/** The number of the machine that a side works on. */
function machineOf({ movesEachRound = false }: Shape, side: keyof typeof movesAt, round: number): number {
  if (movesEachRound) return round
  return round < movesAt[side] ? 1 : 2
}

async function observe(
  { random_ids: randomIds = [] }: Shape,
  runs: readonly RunOutcome[],
  { engine, credentials }: Place,
  { schemas }: Restored,
): Promise<Observed> {
  const schema = schemas[pipelineName] ?? null
  const documents = withRandomIds(schema?.tables ?? {}, randomIds)
  const tables = await engine.readForm(credentials, datasetName, documents)
  return { runs, schema, tables: tables === null ? null : withSettledStates(tables) }
}

function restoredParts({ state, schemas }: Restored): Parts {
  const documents = Object.entries(schemas).flatMap(([name, schema]) =>
    Object.entries(partsOf({ runs: [], schema, tables: null })).map(([part, value]) => [`${name}, ${part}`, value]),
  )
  return { state: settledState(JSON.stringify(sortKeys(state))).text, ...Object.fromEntries(documents) }
}
