import type { Destination } from '@dlt/destination'
import type { DatasetForm } from '../../fixtures/dataset-form.ts'
import type { OptionsSpec } from '../../fixtures/recorded-case.ts'
import type { TableDocuments } from '../../fixtures/stable-ids.ts'

/** A schema as a dataset keeps it. */
export interface StoredDocument {
  readonly hash: string
  readonly text: string
}

/** A kind of database in which both systems load. It is looked into without either of them. */
export interface Engine {
  /** The type of the destination, which is its name in Python dlt too. */
  readonly type: string
  /**
   * Makes an empty database; the answer are its credentials, which both systems take.
   *
   * @param folder where it may lie
   */
  createDatabase(folder: string): Promise<string>
  /** What the secrets of a project say of a database. */
  secrets(credentials: string): string
  /** This system's destination. */
  destination(credentials: string, options: OptionsSpec): Destination
  /** Reads a dataset for comparison. */
  readForm(credentials: string, dataset: string, documents: TableDocuments): Promise<DatasetForm | null>
  /** Reads `_dlt_version`. */
  readSchemas(credentials: string, dataset: string): Promise<readonly StoredDocument[]>
}
