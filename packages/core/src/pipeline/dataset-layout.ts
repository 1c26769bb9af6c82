import { DltError } from '@dlt/schema'

/** How the names of datasets are made. */
export interface DatasetLayoutOptions {
  /** Whether all schemas of a pipeline go into one dataset. Default: true. */
  readonly useSingleDataset?: boolean
  /** Pattern with `%s` where the dataset's name goes. Default: the name alone. */
  readonly datasetNameLayout?: string
}

/** Says into which dataset the tables of a schema go. */
export class DatasetLayout {
  /** Whether all schemas of a pipeline go into one dataset. */
  readonly usesSingleDataset: boolean
  readonly #pattern: string

  /** @throws DltError `CONFIGURATION` for a pattern without `%s` */
  constructor({ useSingleDataset = true, datasetNameLayout = '%s' }: DatasetLayoutOptions) {
    this.usesSingleDataset = useSingleDataset
    this.#pattern = datasetNameLayout
    if (datasetNameLayout.includes('%s')) return
    throw new DltError(
      `The dataset name layout "${datasetNameLayout}" has no "%s", so all datasets would have one name. Put "%s" where the name goes, for instance "prod_%s".`,
      { code: 'CONFIGURATION' },
    )
  }

  /** The name of a dataset in the pattern. */
  applyTo(name: string): string {
    return this.#pattern.replaceAll('%s', () => name)
  }

  /**
   * The dataset of a schema: the pipeline's own, but with a dataset for each schema those that are not the default schema have
   * the name of the schema at the end.
   */
  datasetOf(schemaName: string, dataset: string, defaultSchemaName: string | null | undefined): string {
    const isShared = this.usesSingleDataset || schemaName === (defaultSchemaName ?? schemaName)
    return isShared ? dataset : `${dataset}_${schemaName}`
  }
}
