import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt from '@dlt/core'
import { pipelineAt, placeIn } from '../kill/place.ts'
import { sourcesOf } from '../kill/sources.ts'
import { exportDatabase, recordedFolder, sampleLines, sampleScenario, withoutFolder } from './sample.ts'

// Records what a working directory of this version looks like: one group of packages loaded, one normalized, one extracted.
const [name] = process.argv.slice(2)
if (name === undefined) throw new Error('Name the sample: format-<number of the format of packages>.')
const target = join(recordedFolder, name)
if (existsSync(target))
  throw new Error(`"${target}" is there already. Samples stay as they are: give the new one another name.`)

const folder = mkdtempSync(join(tmpdir(), 'dlt-sample-'))
const place = placeIn(folder)
await pipelineAt(place).run(sourcesOf(sampleScenario, () => [1]))
await pipelineAt(place).extract(sourcesOf(sampleScenario, () => [2]))
await pipelineAt(place).normalize()
const lines = join(folder, 'events.jsonl')
writeFileSync(lines, sampleLines)
await pipelineAt(place).extract([...sourcesOf(sampleScenario, () => [3]), dlt.jsonLines(lines)])

const database = join(target, 'database')
cpSync(place.workingDir, join(target, 'work'), { recursive: true })
await exportDatabase(place.file, database)
const load = join(database, 'load.sql')
writeFileSync(load, withoutFolder(readFileSync(load, 'utf8'), database))
rmSync(folder, { recursive: true })
