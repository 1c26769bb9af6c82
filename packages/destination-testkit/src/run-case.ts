import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationCapabilities, DestinationClient } from '@dlt/destination'
import { canonicalText } from './canonical-value.ts'
import type { CaseContext, ConformanceCase, ConformanceFeatures } from './conformance-case.ts'
import type { ConformanceOptions, DestinationHarness } from './harness.ts'
import { type SampleFormat, writeRowsFile, writtenFormats } from './rows-file.ts'
import { writeTypedFile } from './typed-file.ts'

/** Formats that the suite writes and the destination reads. */
export const sampleFormats = (capabilities: DestinationCapabilities): readonly SampleFormat[] =>
  writtenFormats.filter((format) => capabilities.load.fileFormats.includes(format))

const compareRows = (left: readonly (string | null)[], right: readonly (string | null)[]): number =>
  JSON.stringify(left) < JSON.stringify(right) ? -1 : 1

interface Workplace {
  readonly module: URL | undefined
  readonly folder: string
  readonly clients: DestinationClient[]
}

const caseContext = (harness: DestinationHarness, { folder, clients, module }: Workplace): CaseContext => {
  const { destination, context, readRows } = harness
  const { capabilities } = destination
  const [usual] = sampleFormats(capabilities)
  if (usual === undefined)
    throw new TypeError('The suite needs a destination that reads "jsonl", "tsv" or "insert_values" files')
  return {
    capabilities,
    destination,
    context,
    module,
    format: usual,
    connect: async () => {
      const client = await destination.connect(context)
      clients.push(client)
      return client
    },
    file: (sample, format = usual) => writeRowsFile(sample, { folder, format, literals: capabilities.load.literals }),
    typedFile: (sample, format) => writeTypedFile(sample, { folder, format, literals: capabilities.load.literals }),
    rows: async (client, table, columns) => {
      const rows = await readRows(client.datasetName, table, columns)
      return rows
        .map((row) => columns.map((column, index) => canonicalText(column, row[index] ?? null)))
        .sort(compareRows)
    },
  }
}

/**
 * Runs one case against a fresh destination and cleans up, whatever fails. Throws what the case throws, otherwise what could not be closed or
 * removed.
 */
export const runConformanceCase = async (
  conformanceCase: ConformanceCase,
  options: ConformanceOptions,
): Promise<void> => {
  const harness = await options.create(conformanceCase.wishes ?? {})
  const folder = await mkdtemp(join(tmpdir(), 'dlt-conformance-'))
  const workplace: Workplace = { folder, clients: [], module: options.module }
  const failures: unknown[] = []
  const attempt = async (step: () => PromiseLike<void> | undefined): Promise<void> => {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  await attempt(() => conformanceCase.run(caseContext(harness, workplace)))
  for (const client of workplace.clients) await attempt(() => client[Symbol.asyncDispose]())
  await attempt(() => harness.destination.close?.())
  await attempt(() => harness.cleanup())
  await rm(workplace.folder, { recursive: true })
  if (failures.length > 0) throw failures[0]
}

/** What the options say of a destination, for the cases. */
export const featuresOf = ({ concurrentClients = true, module }: ConformanceOptions): ConformanceFeatures => ({
  concurrentClients,
  module,
})

/** What became of a case. */
export interface CaseResult {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What was thrown, or why it was skipped. */
  readonly reason?: unknown
}

/** Runs cases one after another, without a test runner. */
export const runConformance = async (
  cases: readonly ConformanceCase[],
  capabilities: DestinationCapabilities,
  options: ConformanceOptions,
): Promise<readonly CaseResult[]> => {
  const results: CaseResult[] = []
  for (const conformanceCase of cases) {
    const { name } = conformanceCase
    const reason = conformanceCase.unless?.(capabilities, featuresOf(options))
    if (reason !== undefined) {
      results.push({ name, outcome: 'skipped', reason })
      continue
    }
    results.push(
      await runConformanceCase(conformanceCase, options).then(
        (): CaseResult => ({ name, outcome: 'passed' }),
        (error: unknown): CaseResult => ({ name, outcome: 'failed', reason: error }),
      ),
    )
  }
  return results
}
