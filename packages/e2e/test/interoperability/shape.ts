import type { JsonValue } from '@dlt/schema'
import type { OptionsSpec, ResourceSpec, RunSpec } from '../fixtures/recorded-case.ts'

/** A pipeline that two systems run in turn: what each of its rounds loads, as in `fixtures/cases`. */
export interface Shape {
  readonly name: string
  readonly about: string
  readonly rounds: readonly RunSpec[]
  /** Options of the destination. */
  readonly destination?: OptionsSpec
  /**
   * Whether each round works on an empty machine. Python dlt takes schemas from a dataset only where the state changed too: a working
   * directory that it keeps does not see columns that came without. Default: false, a machine is new once, halfway.
   */
  readonly movesEachRound?: boolean
  /** Tables with random row ids although their last strategy makes such that follow from keys or content. */
  readonly random_ids?: readonly string[]
}

/** How many rounds a pipeline has. */
export const roundCount = 10

/** A resource of a round. */
export function resource(name: string, data: readonly JsonValue[], options: OptionsSpec = {}): ResourceSpec {
  return { ...options, name, data }
}

/** The rounds of a pipeline, 1 to 10. */
export function rounds(
  make: (round: number) => readonly ResourceSpec[],
  options: (round: number) => Omit<RunSpec, 'resources'> = () => ({}),
): readonly RunSpec[] {
  return Array.from({ length: roundCount }, (_, at) => ({ ...options(at + 1), resources: make(at + 1) }))
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
