import type { Destination, DestinationContext } from '@dlt/destination'
import type { ColumnSchema, ReplaceStrategy } from '@dlt/schema'

/** Reads a whole table of a dataset, rows in any order; each value as the database's own text, bytes as hexadecimal digits. */
export type RowReader = (
  dataset: string,
  table: string,
  columns: readonly ColumnSchema[],
) => Promise<readonly (readonly (string | null)[])[]>

/** A fresh destination for one case. */
export interface DestinationHarness {
  readonly destination: Destination
  /** Points at a dataset that does not exist yet. */
  readonly context: DestinationContext
  readonly readRows: RowReader
  /** Removes what the case has left. The destination was closed before. */
  cleanup(): Promise<void>
}

/** What a case wants of a destination. */
export interface HarnessWishes {
  /** How tables are replaced; one that the capabilities name. The destination's usual way when absent. */
  readonly replaceStrategy?: ReplaceStrategy
}

/** What a destination's test file tells the suite. */
export interface ConformanceOptions {
  /** Called once per case. */
  create(wishes: HarnessWishes): Promise<DestinationHarness>
  /**
   * Whether two clients may be open at once; false where one would be inside of the other's transaction. Clients that share a connection and
   * wait for each other's transactions are fine. Default: true.
   */
  readonly concurrentClients?: boolean
  /**
   * The package's main module, or another one that exports a destination or its factory as `destination`: a process of its own loads with
   * it, without options and with the `context` of `create`, and is killed. Default: such cases are skipped, as they must be where data ends
   * with the process.
   */
  readonly module?: URL
}
