import { mkdirSync, writeFileSync } from 'node:fs'
import { standardProviders } from '../../src/configuration/process-providers.ts'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

/** What a project of a test holds. */
export interface ProjectFiles {
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly secrets?: string
  readonly config?: string
  /** Files in the folder of the user. */
  readonly userSecrets?: string
  readonly userConfig?: string
  /** Mounted secrets: name -> content. */
  readonly mounted?: Readonly<Record<string, string>>
}

/** A project with configuration files in a folder of its own. */
export class TestProject implements Disposable {
  readonly providers: readonly ConfigProvider[]
  readonly #directory = new TemporaryDirectory()

  constructor(files: ProjectFiles = {}) {
    for (const folder of ['project', 'user', 'mounted']) mkdirSync(this.in(folder))
    this.write('project/secrets.toml', files.secrets)
    this.write('project/config.toml', files.config)
    this.write('user/secrets.toml', files.userSecrets)
    this.write('user/config.toml', files.userConfig)
    for (const [name, content] of Object.entries(files.mounted ?? {})) this.write(`mounted/${name}`, content)
    this.providers = standardProviders({
      variables: files.environment ?? {},
      secretsFolder: this.in('mounted'),
      folders: () => [this.in('project'), this.in('user')],
    })
  }

  in(...names: readonly string[]): string {
    return this.#directory.in(...names)
  }

  write(name: string, content: string | undefined): void {
    if (content !== undefined) writeFileSync(this.in(name), content)
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]()
  }
}

/** The rejection of a promise, as an error. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (outcome instanceof Error) return outcome
  throw new Error('Nothing was thrown.')
}
