import { DltError } from '@dlt/schema'
import { configFolders } from './config-folders.ts'
import { EnvironmentProvider } from './environment-provider.ts'
import type { ConfigProvider } from './provider.ts'
import { SecretFiles } from './secret-files.ts'
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
 * @throws DltError `CONFIGURATION` where there is one of that name
 */
export function addProvider(provider: ConfigProvider): void {
  const present = processProviders()
  if (present.some(({ name }) => name === provider.name)) {
    throw new DltError(`There is a configuration provider "${provider.name}" already. Give the new one another name.`, {
      code: 'CONFIGURATION',
    })
  }
  registered = [...present, provider]
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

/** Environment, `secrets.toml`, `config.toml`. */
export function standardProviders(options: StandardProviderOptions = {}): readonly ConfigProvider[] {
  const { variables = process.env, folders = configFolders } = options
  const secretFiles = new SecretFiles(options.secretsFolder ?? secretsFolder)
  return [
    new EnvironmentProvider({ variables, secretFiles }),
    new TomlProvider({ fileName: 'secrets.toml', supportsSecrets: true, folders }),
    new TomlProvider({ fileName: 'config.toml', supportsSecrets: false, folders }),
  ]
}
