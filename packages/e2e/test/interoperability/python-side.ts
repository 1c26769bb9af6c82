import type { JsonValue } from '@dlt/schema'
import type { OptionsSpec, RunOutcome, RunSpec, SchemaDocument } from '../fixtures/recorded-case.ts'
import type { Engine } from './engines/engine.ts'
import type { PythonProcess } from './python-process.ts'

/** Where one side works. */
export interface Place {
  /** The folder of its working directories. */
  readonly folder: string
  readonly engine: Engine
  /** The database. */
  readonly credentials: string
  /** Options of the destination. */
  readonly destination?: OptionsSpec
}

/** A round, as it came out. */
export interface PlayedRound {
  readonly outcome: RunOutcome
  readonly warnings: readonly string[]
}

/** What a working directory got from the dataset. */
export interface Restored {
  /** The state without its local part. */
  readonly state: { readonly [key: string]: JsonValue }
  readonly schemas: { readonly [name: string]: SchemaDocument }
  readonly warnings: readonly string[]
}

/** The commands that `fixtures/interoperability/worker.py` knows. */
export class PythonSide {
  readonly #process: PythonProcess

  constructor(process: PythonProcess) {
    this.#process = process
  }

  /** Makes a run. */
  async run(place: Place, run: RunSpec): Promise<PlayedRound> {
    return this.#process.ask({ do: 'run', ...command(place), run })
  }

  /** Takes state and schemas from the dataset, where they are newer there than in the working directory. */
  async restore(place: Place): Promise<Restored> {
    return this.#process.ask({ do: 'restore', ...command(place) })
  }

  /** Stored schemas whose hashes are not what Python computes, and how many were looked at. */
  async verify(place: Place): Promise<{ readonly broken: readonly string[]; readonly checked: number }> {
    return this.#process.ask({ do: 'verify', ...command(place) })
  }
}

function command({ engine, ...place }: Place): { readonly [key: string]: unknown } {
  return { ...place, engine: engine.type }
}
