import type { Setting } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { resolveSettings } from '../configuration/resolve-settings.ts'
import type { ConfigureOptions } from './configure-options.ts'

/** Settings of the reference system's destinations that somebody sets with a purpose, and that have none here. */
const unused = [
  {
    key: 'staging_dataset_name_layout',
    type: 'text',
    default: 'none',
    effect: 'Nothing: destinations that have no staging dataset refuse it.',
  },
] as const satisfies readonly Setting[]

/**
 * Refuses settings that would do nothing.
 *
 * @param known the settings that the destination has
 * @throws DltError `CONFIGURATION` where one is set, for this destination or for all
 */
export async function refuseUnusedSettings(
  name: string,
  known: readonly Setting[],
  options: ConfigureOptions,
): Promise<void> {
  const foreign = unused.filter(({ key }) => known.every((setting) => setting.key !== key))
  if (foreign.length === 0) return
  const { staging_dataset_name_layout: layout } = await resolveSettings(foreign, {
    sections: ['destination', name],
    ...options,
  })
  if (layout === undefined) return
  throw new DltError(
    `The setting "staging_dataset_name_layout" is "${layout}", and the destination "${name}" has no staging dataset: each load has staging tables of its own, which are gone after it. Remove the setting.`,
    { code: 'CONFIGURATION', context: { destination: name } },
  )
}
