import { DltError } from '@dlt/schema'
import { detectPackageManager, installCommand, type PackageManager } from './package-manager.ts'
import { packageManagerFacts } from './package-manager-facts.ts'

/** What a {@link MissingPackageError} names. */
export interface MissingPackageErrorOptions {
  /** The package that is not installed. */
  readonly packageName: string
  /** Versions that fit, as in `package.json`. */
  readonly range: string
  /** What needs the package, for instance `destination "x"`. */
  readonly neededBy: string
  /** Folder from which the package manager is looked for: the script's; the current folder when absent. */
  readonly from?: string
  /** Package manager, where the caller knows it. */
  readonly packageManager?: PackageManager
  readonly cause?: unknown
}

/** An optional package is not installed. The message holds the command that installs it with the user's package manager. */
export class MissingPackageError extends DltError {
  readonly packageName: string
  readonly range: string
  /** For instance `npm install @dlt/destination-x@^0.1.0`. */
  readonly installCommand: string

  constructor(options: MissingPackageErrorOptions) {
    const manager = options.packageManager ?? detectPackageManager(packageManagerFacts(options.from ?? process.cwd()))
    const command = installCommand(manager, options.packageName, options.range)
    super(
      `The package "${options.packageName}" (${options.range}) is not installed, and ${options.neededBy} needs it. Install it: ${command}`,
      { code: 'MISSING_PACKAGE', cause: options.cause },
    )
    this.packageName = options.packageName
    this.range = options.range
    this.installCommand = command
  }
}
