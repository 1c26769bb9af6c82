import type { ConfigProvider } from '../configuration/provider.ts'
import { resolveSettingsSync } from '../configuration/resolve-settings.ts'
import { dataWriterSettings, extractSettings, loadSettings } from '../configuration/settings.ts'

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
 * Whether a package that the destination refuses for good is thrown.
 * @throws DltError `CONFIGURATION` for a value that does not fit, and a malformed file
 */
export function raisesOnFailedJobs(owner: SettingsOwner): boolean {
  return resolveSettingsSync(loadSettings, { sections: ['load'], ...owner }).raise_on_failed_jobs ?? false
}
