import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { startMeasuring } from '../measurement.ts'

/**
 * The documents through this system. Arguments: data file, database file or `postgresql://` address, folder for working files,
 * `generator` (rows parsed from the file in a generator) or `json-lines` (the file given as it is).
 */
const measuring = startMeasuring()
const [dataPath = '', databasePath = '', workingDirectory = '', input] = process.argv.slice(2)

const { default: dlt } = await import('@dlt/core')
const destination = databasePath.startsWith('postgresql://')
  ? (await import('@dlt/destination-postgres')).postgres({ credentials: databasePath })
  : (await import('@dlt/destination-duckdb')).duckdb({ credentials: databasePath, settings: { threads: 2 } })
measuring.step('import')

const pageRows = 1000

async function* pages(): AsyncGenerator<unknown[]> {
  let page: unknown[] = []
  for await (const line of createInterface({ input: createReadStream(dataPath, { highWaterMark: 1 << 20 }) })) {
    page.push(JSON.parse(line))
    if (page.length === pageRows) {
      yield page
      page = []
    }
  }
  if (page.length > 0) yield page
}

const name = 'events'
const data = input === 'json-lines' ? dlt.jsonLines(dataPath, { name }) : dlt.resource({ name }, pages)
const pipeline = dlt.pipeline({
  pipelineName: 'bench',
  destination,
  datasetName: 'github',
  workingDir: workingDirectory,
})
const info = await pipeline.run(data)
if (info.hasFailedJobs) throw new Error(String(info))
for (const { step, startedAt, finishedAt } of info.steps) {
  measuring.part(step, (finishedAt.getTime() - startedAt.getTime()) / 1000)
}
await pipeline.close()
measuring.report()
