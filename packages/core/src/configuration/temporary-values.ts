import { AsyncLocalStorage } from 'node:async_hooks'
import type { ConfigProvider } from './provider.ts'
import { mergeTables, type TomlTable, valueAt } from './toml-document.ts'

/** Values that hold while a function runs, in what it calls; other code does not see them. */
export class TemporaryValues implements ConfigProvider {
  readonly name: string
  readonly supportsSecrets: boolean
  readonly synchronous = true
  readonly #storage = new AsyncLocalStorage<TomlTable>()

  constructor(name: string, supportsSecrets: boolean) {
    this.name = name
    this.supportsSecrets = supportsSecrets
  }

  get isEmpty(): boolean {
    return this.#storage.getStore() === undefined
  }

  get(path: readonly string[]): unknown {
    return valueAt(this.#storage.getStore() ?? {}, path)
  }

  keyOf(path: readonly string[]): string {
    return path.join('.')
  }

  /** Runs a function with values, over those that hold already. */
  run<Result>(values: TomlTable, run: () => Result): Result {
    return this.#storage.run(mergeTables(this.#storage.getStore() ?? {}, values), run)
  }
}

const temporary = {
  config: new TemporaryValues('dlt.config.values', false),
  secrets: new TemporaryValues('dlt.secrets.values', true),
}

/** The values of this process that hold for a while. */
export function temporaryValues(secret: boolean): TemporaryValues {
  return secret ? temporary.secrets : temporary.config
}

/** Values by their paths as tables in tables. */
export function tablesOfPaths(
  values: Readonly<Record<string, unknown>>,
  partsOf: (path: string) => readonly string[],
): TomlTable {
  return Object.entries(values).reduce<TomlTable>(
    (tables, [path, value]) => mergeTables(tables, nested(partsOf(path), value)),
    {},
  )
}

function nested([first = '', ...rest]: readonly string[], value: unknown): TomlTable {
  return { [first]: rest.length === 0 ? value : nested(rest, value) }
}
