import type { ResourceData } from '@dlt/core'

/** Runs the script's pipeline; what failed is an outcome too. */
export type RunScript = (data: ResourceData) => Promise<void>

/** A script: the counterpart of a function of the same name in `fixtures/scripts`. */
export type Script = (run: RunScript) => Promise<void>

/** Scripts by name. */
export type Scripts = { readonly [name: string]: Script }
