import type {
  Destination,
  DestinationCapabilities,
  DestinationClient,
  DestinationContext,
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
  /** Writes a file of rows. */
  file(sample: SampleRows, format?: SampleFormat): Promise<LoadJob>
  /** Rows of a table, canonical, sorted. */
  rows(
    client: DestinationClient,
    table: string,
    columns: readonly ColumnSchema[],
  ): Promise<readonly (readonly (string | null)[])[]>
}

/** One promise that destinations make. */
export interface ConformanceCase {
  /** Unique; what fails is known by it. */
  readonly name: string
  /** Why a destination is not asked to keep it; nothing where it is. */
  readonly unless?: (
    capabilities: DestinationCapabilities,
    features: { readonly concurrentClients: boolean },
  ) => string | undefined
  /** What the destination is made with. Default: nothing special. */
  readonly wishes?: HarnessWishes
  /** Throws an `AssertionError` where the promise is broken. */
  readonly run: (context: CaseContext) => Promise<void>
}
