import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Place } from '../kill/place.ts'
import { type Scenario, scenarios } from '../kill/scenario.ts'

/** Folder of the samples. */
export const recordedFolder: string = join(import.meta.dirname, 'recorded')

/** What a sample of this system holds: days 1 to 3 of two tables, each in a schema of its own. Day 1 is loaded, the others wait. */
export const sampleScenario: Scenario = { ...scenarios.schemas, daysBefore: 2 }

/** Lines of JSON that wait as text with day 3. */
export const sampleLines = '{"id": 1, "kind": "opened"}\n{"id": 2, "kind": "closed"}\n'

/** Stands for the folder of a sample in the statements that fill its database. */
const folderMark = '<folder>'

/** Writes what a database file holds as text into a folder. */
export async function exportDatabase(file: string, folder: string): Promise<void> {
  await changeDatabase(file, [`EXPORT DATABASE '${folder}' (FORMAT csv)`])
}

/** Statements that fill a database, without the folder that they were made in. */
export const withoutFolder = (statements: string, folder: string): string => statements.replaceAll(folder, folderMark)

/** Copies a sample to a place: the working directory, and a database file made from what was exported. */
export async function copySample(name: string, { workingDir, file }: Place): Promise<void> {
  const folder = join(recordedFolder, name)
  cpSync(join(folder, 'work'), workingDir, { recursive: true })
  if (!existsSync(join(folder, 'database'))) return
  const texts = ['schema.sql', 'load.sql'].map((each) => readFileSync(join(folder, 'database', each), 'utf8'))
  await changeDatabase(
    file,
    texts.map((text) => text.replaceAll(folderMark, join(folder, 'database'))),
  )
}

async function changeDatabase(file: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  try {
    for (const statement of statements) await connection.run(statement)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
