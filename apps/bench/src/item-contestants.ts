import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Measurement, parseMeasurement } from './measurement.ts'
import { runProcess } from './run-process.ts'

/** One way to bring items into the extract files, or to call an endpoint for each. */
export interface ItemContestant {
  readonly name: string
  readonly description: string
  readonly executable: string
  readonly script: string
  /** Items or calls. */
  readonly count: number
  /** How items are yielded. */
  readonly form: string
  /** The part of the run that is compared. */
  readonly step: string
}

/** One run of one of them. */
export interface ItemRun extends Measurement {
  readonly contestant: string
  /** Items in a second, of the part that is compared. */
  readonly itemsPerSecond: number
}

const million = 1_000_000

/** Python dlt takes part when `python` is a Python with `dlt`. */
export function itemContestants(python: string | undefined): readonly ItemContestant[] {
  const items = { executable: process.execPath, script: 'items.ts', count: million, step: 'extract' }
  const read = { executable: process.execPath, script: 'read.ts', count: million, step: 'read' }
  const reference = python === undefined ? [] : [{ ...items, executable: python, script: 'items.py' }]
  return [
    { ...items, name: 'items', description: 'one by one, by a generator', form: 'sync' },
    { ...items, name: 'items async', description: 'one by one, by an asynchronous generator', form: 'async' },
    { ...items, name: 'items in pages', description: 'in pages of 1,000', form: 'pages' },
    ...reference.flatMap((each) => [
      {
        ...each,
        name: 'items python',
        description: 'Python dlt: one by one, a tenth of them',
        form: 'sync',
        count: million / 10,
      },
      {
        ...each,
        name: 'items in pages python',
        description: 'Python dlt: in pages of 1,000, a tenth of them',
        form: 'pages',
        count: million / 10,
      },
    ]),
    { ...read, name: 'read driver', description: "DuckDB's own driver, rows as objects", form: 'driver' },
    { ...read, name: 'read', description: 'a relation of a dataset, in batches', form: 'dataset' },
    { ...read, name: 'read rows', description: 'a relation of a dataset, row by row', form: 'rows' },
    {
      name: 'endpoint',
      description: 'a transformer with 20 calls at once over an endpoint of 20 ms; "calls alone" is what is possible',
      executable: process.execPath,
      script: 'endpoint.ts',
      count: 2000,
      form: '',
      step: 'transformer',
    },
  ]
}

/** Runs one in a process and a folder of its own. */
export async function runItems(contestant: ItemContestant, folder: string): Promise<ItemRun> {
  const workingDirectory = await mkdtemp(join(folder, 'run-'))
  try {
    const { name, executable, script, count, form, step } = contestant
    const path = fileURLToPath(new URL(`./runs/${script}`, import.meta.url))
    const options = executable === process.execPath ? process.execArgv : []
    const args = [...options, path, join(workingDirectory, 'pipeline'), String(count), form]
    const measurement = parseMeasurement(await runProcess(contestant, args, workingDirectory))
    return { ...measurement, contestant: name, itemsPerSecond: count / (measurement.steps[step] ?? Number.NaN) }
  } finally {
    await rm(workingDirectory, { recursive: true, force: true })
  }
}
