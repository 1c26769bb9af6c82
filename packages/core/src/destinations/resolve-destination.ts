import type { Destination } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { completeDestination } from './complete-destination.ts'
import { configureDestination } from './configure-destination.ts'
import type { ConfigureOptions } from './configure-options.ts'
import { LazyDestination } from './lazy-destination.ts'
import { loadDestinationFactory } from './load-destination-factory.ts'
import { namedDestination } from './named-destination.ts'
import { type OfficialDestination, officialPackages } from './official-packages.ts'

/**
 * How a destination can be given: the name of an official one (`'duckdb'`), the name of any package that exports `destination`,
 * a factory, a reference of `@dlt/core/destinations`, or a destination itself. What is not given in code is what is configured for them,
 * `destination.<name>.<setting>`; a name may also be one with a `destination.<name>.destination_type` in the configuration.
 */
export type DestinationInput =
  | OfficialDestination
  | (string & {})
  | Destination
  | LazyDestination
  | (() => Destination)
  | (() => LazyDestination)

/** What a destination is made with. */
export interface ResolveDestinationOptions extends ConfigureOptions {
  /** Folder of the user's script: packages are looked for there first. */
  readonly from: string
}

/**
 * Makes a destination out of what was given.
 *
 * @throws MissingPackageError when a package is not installed; DltError `CONFIGURATION` for an unknown name, a package that is no
 * destination, settings that do not fit, or when nothing was given
 */
export async function resolveDestination(
  input: DestinationInput | undefined,
  { from, ...options }: ResolveDestinationOptions,
): Promise<Destination> {
  if (input === undefined) {
    throw new DltError(
      `No destination is given. Pass one to the pipeline or to run, for instance { destination: '${[...officialPackages.keys()][0]}' }.`,
      { code: 'CONFIGURATION' },
    )
  }
  const make = async (reference: string, settings?: unknown): Promise<Destination> =>
    configureDestination(await loadDestinationFactory(reference, from), settings, options)
  const named = await namedDestination(input, options.providers)
  if (typeof named === 'string') return checked(await make(named), named)
  if (LazyDestination.is(named)) return checked(await named.load(make), named.reference)
  if (typeof named !== 'function') return completeDestination(checked(named, 'given'), options)
  if (isLazyFactory(named)) return resolveDestination(named(), { from, ...options })
  return checked(await configureDestination(named, undefined, options), named.name)
}

// A factory opens nothing: it can be called to see what it makes.
function isLazyFactory(factory: (() => Destination) | (() => LazyDestination)): factory is () => LazyDestination {
  return LazyDestination.is(factory())
}

function checked(destination: Destination, name: string): Destination {
  if (isDestination(destination)) return destination
  throw new DltError(
    `The destination "${name}" is not usable: it has no capabilities or no connect function. Pass the name of a destination, or what a destination's factory returns.`,
    { code: 'CONFIGURATION', context: { destination: name } },
  )
}

function isDestination(value: unknown): value is Destination {
  return (
    typeof value === 'object' &&
    value !== null &&
    'capabilities' in value &&
    'connect' in value &&
    typeof value.connect === 'function'
  )
}
