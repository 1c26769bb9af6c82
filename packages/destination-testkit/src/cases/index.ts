import type { ConformanceCase } from '../conformance-case.ts'
import { cdcCases } from './cdc-cases.ts'
import { concurrencyCases } from './concurrency-cases.ts'
import { deleteInsertCases } from './delete-insert-cases.ts'
import { identifierCases } from './identifier-cases.ts'
import { insertOnlyCases } from './insert-only-cases.ts'
import { loadCases } from './load-cases.ts'
import { pipelineCases } from './pipeline-cases.ts'
import { readingCases } from './reading-cases.ts'
import { replaceCases } from './replace-cases.ts'
import { scd2Cases } from './scd2-cases.ts'
import { schemaCases } from './schema-cases.ts'
import { stateCases } from './state-cases.ts'
import { storedSchemaCases } from './stored-schema-cases.ts'
import { switchCases } from './switch-cases.ts'
import { typeCases } from './type-cases.ts'
import { upsertCases } from './upsert-cases.ts'

/** All promises that destinations make, in the order of a load. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...schemaCases,
  ...typeCases,
  ...identifierCases,
  ...loadCases,
  ...replaceCases,
  ...deleteInsertCases,
  ...upsertCases,
  ...insertOnlyCases,
  ...cdcCases,
  ...scd2Cases,
  ...switchCases,
  ...stateCases,
  ...storedSchemaCases,
  ...concurrencyCases,
  ...pipelineCases,
  ...readingCases,
]
