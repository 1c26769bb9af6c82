import type { Setting } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { resolveSettingsSync, type SettingsOptions } from '../configuration/resolve-settings.ts'

/** Settings of the reference system that change what is loaded, and that do not exist here. */
const settings = [
  {
    key: 'use_single_dataset',
    type: 'boolean',
    default: '`true`',
    effect: 'Whether all schemas of a pipeline go into one dataset.',
  },
  { key: 'import_schema_path', type: 'text', default: 'none', effect: 'Folder from which schemas are taken.' },
] as const satisfies readonly Setting[]

/**
 * Refuses configured values that would be ignored without a word, although they say where data goes and what becomes of it.
 * @param options where the settings of the pipeline are looked for
 * @throws DltError `UNSUPPORTED`
 */
export function refuseSettings(options: SettingsOptions): void {
  const { use_single_dataset, import_schema_path } = resolveSettingsSync(settings, options)
  if (use_single_dataset === false) {
    throw unsupported(
      'The configuration sets "use_single_dataset" to false, but a dataset for each schema is not available yet. Remove it: all schemas go into one dataset. Where they must not meet, run each source in a pipeline with a datasetName of its own.',
    )
  }
  if (import_schema_path !== undefined && import_schema_path !== '') {
    throw unsupported(
      'The configuration sets "import_schema_path", but schemas are not imported from a folder yet. Remove it, and attach the schema to its source, dlt.source({ name, schema: schemaFromYaml(text) }, …), or pass it to run as schema.',
    )
  }
}

function unsupported(message: string): DltError {
  return new DltError(message, { code: 'UNSUPPORTED' })
}
