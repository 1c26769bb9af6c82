import type { ConformanceCase } from '../conformance-case.ts'
import { concurrencyCases } from './concurrency-cases.ts'
import { deleteInsertCases } from './delete-insert-cases.ts'
import { identifierCases } from './identifier-cases.ts'
import { loadCases } from './load-cases.ts'
import { pipelineCases } from './pipeline-cases.ts'
import { replaceCases } from './replace-cases.ts'
import { schemaCases } from './schema-cases.ts'
import { stateCases } from './state-cases.ts'
import { storedSchemaCases } from './stored-schema-cases.ts'
import { typeCases } from './type-cases.ts'

/** All promises that destinations make, in the order of a load. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...schemaCases,
  ...typeCases,
  ...identifierCases,
  ...loadCases,
  ...replaceCases,
  ...deleteInsertCases,
  ...stateCases,
  ...storedSchemaCases,
  ...concurrencyCases,
  ...pipelineCases,
]
