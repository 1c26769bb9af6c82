import type {
  Destination,
  DestinationCapabilities,
  DestinationClient,
  DestinationContext,
  FileFormat,
  LoadJob,
} from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import type { HarnessWishes } from './harness.ts'
import type { SampleFormat, SampleRows } from './rows-file.ts'

/** What a case works with: a fresh dataset, files, and a look at the tables. */
export interface CaseContext {
  readonly capabilities: DestinationCapabilities
  readonly destination: Destination
  readonly context: DestinationContext
  /** The format of files where the case does not care. */
  readonly format: SampleFormat
  /** Opens a client; it is closed at the end of the case where the case does not do it. */
  connect(): Promise<DestinationClient>
  /** A module that another process can make the destination of; see `ConformanceOptions.module`. */
  readonly module: URL | undefined
  /** Writes a file of rows, also such that their columns cannot hold. */
  file(sample: SampleRows, format?: SampleFormat): Promise<LoadJob>
  /** Writes a file of rows with the writers that pipelines use, in any format. */
  typedFile(sample: SampleRows, format: FileFormat): Promise<LoadJob>
  /** Rows of a table, canonical, sorted. */
  rows(
    client: DestinationClient,
    table: string,
    columns: readonly ColumnSchema[],
  ): Promise<readonly (readonly (string | null)[])[]>
}

/** What a destination's test file says beside the capabilities. */
export interface ConformanceFeatures {
  /** Whether two clients may be open at once. */
  readonly concurrentClients: boolean
  /** See `ConformanceOptions.module`. */
  readonly module?: URL | undefined
}

/** Promises that belong together. */
export interface ConformanceGroup {
  /** Names the group in reports and in the matrix. */
  readonly title: string
  readonly cases: readonly ConformanceCase[]
}

/** One promise that destinations make. */
export interface ConformanceCase {
  /** Unique; what fails is known by it. */
  readonly name: string
  /** Why a destination is not asked to keep it; nothing where it is. */
  readonly unless?: (capabilities: DestinationCapabilities, features: ConformanceFeatures) => string | undefined
  /** What the destination is made with. Default: nothing special. */
  readonly wishes?: HarnessWishes
  /** Throws an `AssertionError` where the promise is broken. */
  readonly run: (context: CaseContext) => Promise<void>
}
