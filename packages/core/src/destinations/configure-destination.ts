import type { Destination } from '@dlt/destination'
import { resolveSettings } from '../configuration/resolve-settings.ts'
import { isTable } from '../configuration/toml-document.ts'
import { completeDestination } from './complete-destination.ts'
import type { ConfigureOptions } from './configure-options.ts'
import type { LoadedFactory } from './load-destination-factory.ts'
import { refuseUnusedSettings } from './refuse-unused-settings.ts'

/**
 * Makes a destination with what is configured for its name, `destination.<name>.<setting>`; options given in code win, and their
 * settings are not looked for, unless the destination says that they leave something open.
 *
 * @throws DltError `CONFIGURATION` as `resolveSettings` does, and for a setting that would do nothing
 */
export async function configureDestination(
  factory: LoadedFactory,
  explicit: unknown,
  options: ConfigureOptions,
): Promise<Destination> {
  // A factory opens nothing: what it makes is asked for its name.
  const unconfigured = factory(explicit)
  if (typeof unconfigured?.name !== 'string') return unconfigured
  // It knows best what the given options leave open: the password, where code gives the other parts of credentials.
  if (unconfigured.open !== undefined) return completeDestination(unconfigured, options)
  const given = isTable(explicit) ? explicit : {}
  const { settings: known = [] } = factory
  await refuseUnusedSettings(unconfigured.name, known, options)
  const settings = known.filter(({ key, option = key }) => given[option] === undefined)
  if (settings.length === 0) return unconfigured
  const values: Readonly<Record<string, unknown>> = await resolveSettings(settings, {
    sections: ['destination', unconfigured.name],
    ...options,
  })
  if (Object.keys(values).length === 0) return unconfigured
  const configured: Record<string, unknown> = { ...given }
  for (const { key, option = key } of settings) if (key in values) configured[option] = values[key]
  return factory(configured)
}
