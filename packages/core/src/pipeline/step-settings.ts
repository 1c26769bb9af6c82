import type { ConfigProvider } from '../configuration/provider.ts'
import { resolveSettingsSync } from '../configuration/resolve-settings.ts'
import { dataWriterSettings, extractSettings, loadSettings, namingSettings } from '../configuration/settings.ts'

/** What the configuration says of reading a source. Absent where nobody says it. */
export interface ExtractSettings {
  readonly order?: 'round_robin' | 'fifo'
  readonly maxParallel?: number
  readonly pageRows?: number
  readonly pageBytes?: number
}

/** Of what settings are asked for. */
export interface SettingsOwner {
  readonly pipelineName: string
  /** Who is asked. Default: the providers of this process. */
  readonly providers?: readonly ConfigProvider[]
}

/**
 * Settings for reading one source: under `sources.<section>.<name>`, `sources.<name>`, or for all sources, `extract` and `data_writer`.
 * @throws DltError `CONFIGURATION` for a value that does not fit, and a malformed file
 */
export function sourceSettings(
  source: { readonly section: string; readonly name: string },
  owner: SettingsOwner,
): ExtractSettings {
  const scope = { sections: ['sources', source.section, source.name], ...owner }
  const { max_parallel_items, next_item_mode } = resolveSettingsSync(extractSettings, {
    ...scope,
    ownSection: 'extract',
  })
  const { buffer_max_items, buffer_max_bytes } = resolveSettingsSync(dataWriterSettings, {
    ...scope,
    ownSection: 'data_writer',
  })
  return {
    ...(next_item_mode !== undefined && { order: next_item_mode }),
    ...(max_parallel_items !== undefined && { maxParallel: max_parallel_items }),
    ...(buffer_max_items !== undefined && { pageRows: buffer_max_items }),
    ...(buffer_max_bytes !== undefined && { pageBytes: buffer_max_bytes }),
  }
}

/**
 * The naming convention for a schema: under `sources.<schema>.schema`, or for all, `schema`. Undefined where nobody says it.
 * @throws DltError `CONFIGURATION` for a value that is no text, and a malformed file
 */
export function configuredNaming(schemaName: string, owner: SettingsOwner): string | undefined {
  return resolveSettingsSync(namingSettings, { sections: ['sources', schemaName], ...owner, ownSection: 'schema' })
    .naming
}

/** What the configuration says of loading. */
export interface LoadSettings {
  /** Threads or connections of the destination. Absent where nobody says it. */
  readonly workers?: number
  /** Whether a package that the destination refuses for good is thrown. */
  readonly raisesOnFailedJobs: boolean
  /** Whether such a package is given up. */
  readonly abortsFailedPackages: boolean
}

/**
 * Settings for loading.
 * @throws DltError `CONFIGURATION` for a value that does not fit, and a malformed file
 */
export function loadingSettings(owner: SettingsOwner): LoadSettings {
  const { workers, raise_on_failed_jobs, on_failed_package } = resolveSettingsSync(loadSettings, {
    sections: ['load'],
    ...owner,
  })
  return {
    ...(workers !== undefined && { workers }),
    raisesOnFailedJobs: raise_on_failed_jobs ?? false,
    abortsFailedPackages: on_failed_package === 'abort',
  }
}
