/** Package managers whose commands are known. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'deno'

/** What tells the package manager of a user. */
export interface PackageManagerFacts {
  /** `npm_config_user_agent`, which package managers set for the scripts that they start. */
  readonly userAgent?: string | undefined
  /** Names of the files in the script's folder, then in its parent, and so on up to the root. */
  readonly folders: Iterable<readonly string[]>
}

const lockFiles: ReadonlyMap<string, PackageManager> = new Map([
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['deno.lock', 'deno'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
])

const commands: { readonly [manager in PackageManager]: string } = {
  npm: 'npm install',
  pnpm: 'pnpm add',
  yarn: 'yarn add',
  bun: 'bun add',
  deno: 'deno add',
}

const isPackageManager = (name: string): name is PackageManager => Object.hasOwn(commands, name)

const lockFileOwner = (names: readonly string[]): PackageManager | undefined => {
  for (const [file, manager] of lockFiles) if (names.includes(file)) return manager
  return undefined
}

/**
 * The package manager in use: the one that started the process, otherwise the owner of the nearest lock file, otherwise npm.
 * Pure: the facts are gathered by the caller, and `folders` is read only as far as needed.
 */
export const detectPackageManager = (facts: PackageManagerFacts): PackageManager => {
  const [started = ''] = (facts.userAgent ?? '').split('/')
  if (isPackageManager(started)) return started
  for (const names of facts.folders) {
    const owner = lockFileOwner(names)
    if (owner !== undefined) return owner
  }
  return 'npm'
}

/** The command that installs a package, for instance `pnpm add @dlt/destination-x@^0.1.0`. */
export const installCommand = (manager: PackageManager, packageName: string, range: string): string => {
  const name = manager === 'deno' ? `npm:${packageName}` : packageName
  return `${commands[manager]} ${name}@${range}`
}
