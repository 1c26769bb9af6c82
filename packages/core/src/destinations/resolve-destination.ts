import type { Destination } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { LazyDestination } from './lazy-destination.ts'
import { loadDestinationFactory } from './load-destination-factory.ts'
import { type OfficialDestination, officialPackages } from './official-packages.ts'

/**
 * How a destination can be given: the name of an official one (`'duckdb'`), the name of any package that exports `destination`,
 * a factory, a reference of `@dlt/core/destinations`, or a destination itself.
 */
export type DestinationInput = OfficialDestination | (string & {}) | Destination | LazyDestination | (() => Destination)

/**
 * Makes a destination out of what was given.
 *
 * @param options.from folder of the user's script: packages are looked for there first
 * @throws MissingPackageError when a package is not installed; DltError `CONFIGURATION` for an unknown name, a package that is no
 * destination, or when nothing was given
 */
export async function resolveDestination(
  input: DestinationInput | undefined,
  options: { readonly from: string },
): Promise<Destination> {
  if (input === undefined) {
    throw new DltError(
      `No destination is given. Pass one to the pipeline or to run, for instance { destination: '${[...officialPackages.keys()][0]}' }.`,
      { code: 'CONFIGURATION' },
    )
  }
  const make = async (reference: string, settings?: unknown): Promise<Destination> =>
    (await loadDestinationFactory(reference, options.from))(settings)
  if (typeof input === 'string') return checked(await make(input), input)
  if (LazyDestination.is(input)) return checked(await input.load(make), input.reference)
  if (typeof input === 'function') return checked(input(), input.name)
  return checked(input, 'given')
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
