import { DltError } from '@dlt/schema'
import { configFolders } from './config-folders.ts'
import { EnvironmentProvider } from './environment-provider.ts'
import type { ConfigProvider } from './provider.ts'
import { SecretFiles } from './secret-files.ts'
import { temporaryValues } from './temporary-values.ts'
import { TomlProvider } from './toml-provider.ts'

/** Folder in which container platforms mount secrets. */
const secretsFolder = '/run/secrets'

let registered: readonly ConfigProvider[] | undefined

/** The providers of this process, in the order in which they are asked. Made when they are first needed. */
export function processProviders(): readonly ConfigProvider[] {
  registered ??= standardProviders()
  return registered
}

/**
 * Adds a provider, which is asked after all others.
 * @throws DltError `CONFIGURATION` where there is one of that name, or where it lacks a name, `get` or `keyOf`
 */
export function addProvider(provider: ConfigProvider): void {
  requireComplete(provider)
  const present = processProviders()
  if (present.some(({ name }) => name === provider.name)) {
    throw new DltError(`There is a configuration provider "${provider.name}" already. Give the new one another name.`, {
      code: 'CONFIGURATION',
    })
  }
  registered = [...present, provider]
}

// A caller without types may pass anything; what is missing would show only when the provider is asked.
function requireComplete(provider: Partial<ConfigProvider>): void {
  const types = { name: 'string', get: 'function', keyOf: 'function' } as const
  for (const [key, type] of Object.entries(types)) {
    const value: unknown = Reflect.get(provider, key)
    if (typeof value === type && value !== '') continue
    const owner =
      typeof provider.name === 'string' ? `The configuration provider "${provider.name}"` : 'A configuration provider'
    throw new DltError(`${owner} has no "${key}". It needs name (text), get(path, { secret }) and keyOf(path).`, {
      code: 'CONFIGURATION',
    })
  }
}

/** Where the standard providers take their values from. */
export interface StandardProviderOptions {
  /** Default: the environment of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>>
  /** Default: `/run/secrets`. */
  readonly secretsFolder?: string
  /** Folders of the TOML files. Default: see {@link configFolders}. */
  folders?(): readonly string[]
}

/** Environment, `secrets.toml`, `config.toml`; before each file the values that hold for a while. */
export function standardProviders(options: StandardProviderOptions = {}): readonly ConfigProvider[] {
  const { variables = process.env, folders = configFolders } = options
  const secretFiles = new SecretFiles(options.secretsFolder ?? secretsFolder)
  return [
    new EnvironmentProvider({ variables, secretFiles }),
    temporaryValues(true),
    new TomlProvider({ fileName: 'secrets.toml', supportsSecrets: true, folders }),
    temporaryValues(false),
    new TomlProvider({ fileName: 'config.toml', supportsSecrets: false, folders }),
  ]
}
