import type { Destination } from '@dlt/destination'
import { resolveSettings } from '../configuration/resolve-settings.ts'
import type { ConfigureOptions } from './configure-options.ts'
import { refuseUnusedSettings } from './refuse-unused-settings.ts'

/** The same object for the same values: what a process knows of a destination, it knows of the object. */
const completed = new WeakMap<Destination, Map<string, Destination>>()

/**
 * A destination that was made in code, with what is configured for the options that were not given; the destination itself where
 * nothing is.
 *
 * @throws DltError `CONFIGURATION` as `resolveSettings` does, and for a setting that would do nothing
 */
export async function completeDestination(destination: Destination, options: ConfigureOptions): Promise<Destination> {
  const { name, open } = destination
  await refuseUnusedSettings(name, open?.settings ?? [], options)
  if (open === undefined || open.settings.length === 0) return destination
  const values: Readonly<Record<string, unknown>> = await resolveSettings(open.settings, {
    sections: ['destination', name],
    ...options,
  })
  const found = open.settings.filter(({ key }) => key in values)
  if (found.length === 0) return destination
  const known = completed.get(destination) ?? new Map<string, Destination>()
  completed.set(destination, known)
  const identity = JSON.stringify(values)
  const made =
    known.get(identity) ??
    open.complete(Object.fromEntries(found.map(({ key, option = key }) => [option, values[key]])))
  known.set(identity, made)
  return made
}
