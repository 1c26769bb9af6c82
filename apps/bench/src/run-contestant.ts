import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contestant, Task } from './contestants.ts'
import type { DataFile } from './data-file.ts'
import { type Measurement, parseMeasurement } from './measurement.ts'
import { runProcess } from './run-process.ts'

/** One run of one contestant. */
export interface Run extends Measurement {
  readonly contestant: string
  /** Seconds from the start of the process to its end, as seen from outside. */
  readonly seconds: number
  /** Bytes that it loaded, as a part of the bytes of the first shape; ratios are brought to all of them. */
  readonly share: number
}

/** Runs a contestant in a process and a folder of its own, among others that load `allBytes`; `inspect` sees the database before the folder is removed. */
export async function runContestant(
  contestant: Contestant,
  data: DataFile,
  allBytes: number,
  folder: string,
  inspect: (databasePath: string) => Promise<void>,
): Promise<Run> {
  const workingDirectory = await mkdtemp(join(folder, 'run-'))
  try {
    const databasePath = join(workingDirectory, 'bench.duckdb')
    const task: Task = { dataPath: data.path, databasePath, workingDirectory, documents: data.documents }
    const startedAt = performance.now()
    const stdout = await runProcess(contestant, contestant.arguments(task), workingDirectory)
    const seconds = (performance.now() - startedAt) / 1000
    await inspect(databasePath)
    const share = (contestant.share * data.bytes) / allBytes
    return { ...parseMeasurement(stdout), contestant: contestant.name, seconds, share }
  } finally {
    await rm(workingDirectory, { recursive: true, force: true })
  }
}
