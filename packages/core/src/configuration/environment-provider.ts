import type { ConfigProvider, LookupHint, ProviderLocation } from './provider.ts'
import type { SecretFiles } from './secret-files.ts'

/** What the provider of environment variables takes its values from. */
export interface EnvironmentOptions {
  /** The variables. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Secrets in files, which win over variables of the same name. */
  readonly secretFiles: SecretFiles
}

/** Variables of the operating system, which say nothing about a field `path` or `user` that is looked for without a section. */
const systemVariables: ReadonlySet<string> = new Set([
  'DISPLAY',
  'EDITOR',
  'HOME',
  'HOSTNAME',
  'LANG',
  'LOGNAME',
  'MAIL',
  'OLDPWD',
  'OS',
  'PATH',
  'PWD',
  'SHELL',
  'TEMP',
  'TERM',
  'TMP',
  'TMPDIR',
  'USER',
  'USERNAME',
])

/**
 * Values from environment variables: sections and key in upper case, joined by two underscores. An empty text is a value.
 * Secrets are looked for in files first. Variables of the operating system are nobody's configuration.
 */
export class EnvironmentProvider implements ConfigProvider {
  readonly name = 'environment'
  readonly supportsSecrets = true
  readonly synchronous = true
  readonly #options: EnvironmentOptions

  constructor(options: EnvironmentOptions) {
    this.#options = options
  }

  get locations(): readonly ProviderLocation[] {
    const { folder, isEmpty } = this.#options.secretFiles
    return isEmpty ? [] : [{ path: folder, present: true }]
  }

  refresh(): void {
    this.#options.secretFiles.refresh()
  }

  get(path: readonly string[], { secret }: LookupHint): string | undefined {
    const name = this.keyOf(path)
    const inFile = secret ? this.#options.secretFiles.read(name) : undefined
    return inFile ?? (systemVariables.has(name) ? undefined : this.#options.variables[name])
  }

  placesOf(path: readonly string[], { secret }: LookupHint): readonly string[] {
    const { secretFiles } = this.#options
    const name = this.keyOf(path)
    return secret && !secretFiles.isEmpty ? [secretFiles.pathOf(name), name] : [name]
  }

  keyOf(path: readonly string[]): string {
    return path
      .filter((part) => part !== '')
      .join('__')
      .toUpperCase()
  }
}
