import { dirname, isAbsolute, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import { bumpSchema, type Schema, withoutProcessingHints } from '@dlt/schema'
import { schemaFileName } from './external-schema-format.ts'
import { readSchemaFile } from './read-schema-file.ts'

/** Where the code of this package is. */
const ownFolder = dirname(import.meta.dirname)

const framesLookedAt = 20

/** Folder of the module that calls this package; undefined where the call comes from no file. */
export function callerFolder(): string | undefined {
  const scripts = getCallSites(framesLookedAt).map(({ scriptName }) => filePath(scriptName))
  const caller = scripts.find((path) => path !== undefined && !path.startsWith(`${ownFolder}${sep}`))
  return caller === undefined ? undefined : dirname(caller)
}

/**
 * The schema in the file of a source's name in a folder, `<source>.schema.yaml` or `.json`, without marks that loading left.
 *
 * @returns undefined where there is none
 * @throws DltError `SCHEMA` for a file that cannot be used
 */
export function sourceSchemaFile(folder: string, name: string): Schema | undefined {
  for (const format of ['yaml', 'json'] as const) {
    const schema = readSchemaFile(join(folder, schemaFileName(name, format)), name)
    if (schema !== undefined) return bumpSchema(withoutProcessingHints(schema))
  }
  return undefined
}

function filePath(scriptName: string): string | undefined {
  if (scriptName.startsWith('file:')) return fileURLToPath(scriptName)
  return isAbsolute(scriptName) ? scriptName : undefined
}
