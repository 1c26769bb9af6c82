import type { ConformanceCase, ConformanceGroup } from '../conformance-case.ts'
import { cdcCases } from './cdc-cases.ts'
import { concurrencyCases } from './concurrency-cases.ts'
import { deleteInsertCases } from './delete-insert-cases.ts'
import { errorCases } from './error-cases.ts'
import { evolutionCases } from './evolution-cases.ts'
import { identifierCases } from './identifier-cases.ts'
import { insertOnlyCases } from './insert-only-cases.ts'
import { loadCases } from './load-cases.ts'
import { pipelineCases } from './pipeline-cases.ts'
import { readingCases } from './reading-cases.ts'
import { replaceCases } from './replace-cases.ts'
import { restartCases } from './restart-cases.ts'
import { scd2Cases } from './scd2-cases.ts'
import { schemaCases } from './schema-cases.ts'
import { stateCases } from './state-cases.ts'
import { storedSchemaCases } from './stored-schema-cases.ts'
import { switchCases } from './switch-cases.ts'
import { typeGroups } from './type-cases.ts'
import { upsertCases } from './upsert-cases.ts'

/** All promises that destinations make, in the order of a load. */
export const conformanceGroups: readonly ConformanceGroup[] = [
  { title: 'schema updates', cases: schemaCases },
  { title: 'tables that change', cases: evolutionCases },
  ...typeGroups,
  { title: 'identifiers', cases: identifierCases },
  { title: 'loads', cases: loadCases },
  { title: 'errors', cases: errorCases },
  { title: 'replace', cases: replaceCases },
  { title: 'merge by delete-insert', cases: deleteInsertCases },
  { title: 'merge by upsert', cases: upsertCases },
  { title: 'merge by insert-only', cases: insertOnlyCases },
  { title: 'merge by cdc', cases: cdcCases },
  { title: 'merge by scd2', cases: scd2Cases },
  { title: 'other write dispositions for tables with rows', cases: switchCases },
  { title: 'state', cases: stateCases },
  { title: 'stored schemas', cases: storedSchemaCases },
  { title: 'clients at once', cases: concurrencyCases },
  { title: 'killed processes', cases: restartCases },
  { title: 'pipelines', cases: pipelineCases },
  { title: 'reading', cases: readingCases },
]

/** The cases of all groups. */
export const conformanceCases: readonly ConformanceCase[] = conformanceGroups.flatMap(({ cases }) => cases)
