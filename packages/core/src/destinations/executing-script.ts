import { realpathSync } from 'node:fs'
import { dirname, parse } from 'node:path'

/**
 * Name of the pipeline where none is given: `dlt_` and the name of the executing script without its extension, `dlt_pipeline` for
 * `pipeline.ts`. It is not normalized (`load-issues.ts` gives `dlt_load-issues`, as in the reference system): names in another
 * alphabet would become one; the schema and the dataset named after it are. Without a script (`node -e`, the interactive shell)
 * it is `dlt_repl`.
 *
 * @param script path of the executing script; the one of this process when absent
 */
export function defaultPipelineName(script: string | undefined = process.argv[1]): string {
  const stem = script === undefined ? '' : parse(script).name
  return `dlt_${stem === '' || stem === '-' ? 'repl' : stem}`
}

/**
 * Folder of the executing script, from which packages are looked for; the current directory where there is no script.
 *
 * @param script path of the executing script; the one of this process when absent
 */
export function scriptFolder(script: string | undefined = process.argv[1]): string {
  if (script === undefined || script === '-') return process.cwd()
  try {
    return dirname(realpathSync(script))
  } catch {
    // Not a file of this system, as in some bundles: its folder may exist all the same.
    return dirname(script)
  }
}
