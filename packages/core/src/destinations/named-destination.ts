import { configAccess } from '../configuration/accessors.ts'
import { processProviders } from '../configuration/process-providers.ts'
import type { ConfigProvider } from '../configuration/provider.ts'
import { LazyDestination } from './lazy-destination.ts'
import type { DestinationInput } from './resolve-destination.ts'

/**
 * What a name stands for: a name with a `destination.<name>.destination_type` in the configuration is a destination of that type and
 * name. Everything else is what it is.
 *
 * @param providers who is asked; the providers of this process when absent
 */
export async function namedDestination(
  input: DestinationInput,
  providers: readonly ConfigProvider[] = processProviders(),
): Promise<DestinationInput> {
  if (typeof input !== 'string' || !isPlainName(input)) return input
  const type = await configAccess(false, () => providers).get(`destination.${input}.destination_type`)
  if (typeof type !== 'string' || type === '' || type === input) return input
  return new LazyDestination(type, { name: input })
}

/** A destination of a type with a name of its own; the type alone where the name is that of the type. */
export function destinationOfType(type: string, name: string | undefined): DestinationInput {
  const short = type.replace(/^dlt\.destinations\./, '')
  return name === undefined || name === short ? type : new LazyDestination(type, { name })
}

// Names of packages and files have dots and slashes.
function isPlainName(name: string): boolean {
  return /^[\w-]+$/.test(name)
}
