import { pathToFileURL } from 'node:url'
import { type DestinationFactory, MissingPackageError } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { missingModule } from './missing-module.ts'
import { officialPackages } from './official-packages.ts'

/** Makes a destination from options of its own kind. */
export type LoadedFactory = DestinationFactory<unknown>

interface Package {
  readonly packageName: string
  readonly range: string
  /** What needs it, for messages. */
  readonly neededBy: string
  readonly from: string
}

/**
 * Loads the factory of a destination: from the script's folder, then from where core is installed.
 * @throws MissingPackageError when the package or one that it needs is missing, DltError `CONFIGURATION` for a name that is
 * neither official nor a package's, and for a package that is no destination
 */
export async function loadDestinationFactory(reference: string, from: string): Promise<LoadedFactory> {
  const name = reference.replace(/^dlt\.destinations\./, '')
  const official = officialPackages.get(name)
  if (official === undefined) refuseUnknownName(name)
  const target: Package = { packageName: name, range: '*', ...official, neededBy: `the destination "${name}"`, from }
  const module = await importPackage(target)
  if ('destination' in module && isFactory(module.destination)) return module.destination
  throw new DltError(
    `The package "${target.packageName}" is no destination: it does not export a function called "destination".`,
    { code: 'CONFIGURATION', context: { destination: name } },
  )
}

// A mistyped name must not become the advice to install whatever package has that name.
function refuseUnknownName(name: string): void {
  if (/[/.]/.test(name) || name.includes('destination')) return
  const known = [...officialPackages.keys()].map((official) => `"${official}"`).join(', ')
  throw new DltError(
    `The destination "${name}" is unknown. Official destinations: ${known}. Others are called by their package, for instance "@acme/dlt-destination-foo"; a name of your own needs "destination.${name}.destination_type" in the configuration.`,
    { code: 'CONFIGURATION', context: { destination: name } },
  )
}

async function importPackage(target: Package): Promise<object> {
  const url = await locate(target)
  try {
    const module: object = await import(/* @vite-ignore */ url)
    return module
  } catch (error) {
    const missing = missingModule(error)
    if (missing === undefined) throw broken(target, error)
    throw new MissingPackageError({
      packageName: missing,
      range: '*',
      neededBy: `the package "${target.packageName}"`,
      from: target.from,
      cause: error,
    })
  }
}

// Strict installers hide a user's packages from core, so the script's folder is asked first.
async function locate(target: Package): Promise<string> {
  // Loaded only here: a destination given as an object does without it.
  const { resolve } = await import('import-meta-resolve')
  const script = pathToFileURL(`${target.from}/`).href
  try {
    return resolve(target.packageName, script)
  } catch (error) {
    if (missingModule(error) === undefined) throw broken(target, error)
  }
  try {
    return resolve(target.packageName, import.meta.url)
  } catch (error) {
    if (missingModule(error) === undefined) throw broken(target, error)
    throw new MissingPackageError({ ...target, cause: error })
  }
}

function broken({ packageName, neededBy }: Package, cause: unknown): DltError {
  const reason = cause instanceof Error ? cause.message : 'it threw something that is no Error'
  return new DltError(
    `The package "${packageName}" for ${neededBy} is installed, but cannot be loaded: ${reason}. Reinstall it, or use a version that fits.`,
    { code: 'CONFIGURATION', cause },
  )
}

function isFactory(value: unknown): value is LoadedFactory {
  return typeof value === 'function'
}
