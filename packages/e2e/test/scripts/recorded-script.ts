import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetForm } from '../fixtures/dataset-form.ts'
import { fixturesFolder, type SchemaDocument } from '../fixtures/recorded-case.ts'

/** What became of a run: the versions of all schemas afterwards, or the step that failed. */
export type ScriptOutcome = { readonly schemas: { readonly [name: string]: number } } | { readonly failed: string }

/** What a script left: the same from both systems. */
export interface ObservedScript {
  readonly runs: readonly ScriptOutcome[]
  readonly schemas: { readonly [name: string]: SchemaDocument }
  readonly tables: DatasetForm | null
}

/** A script with what Python dlt made of it. */
export interface RecordedScript {
  readonly name: string
  readonly about: string
  readonly observed: ObservedScript
}

const folder = join(fixturesFolder, 'recorded-scripts')

/** All recorded scripts. */
export function readRecordedScripts(): readonly RecordedScript[] {
  return readdirSync(folder)
    .sort()
    .map((file): RecordedScript => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}
