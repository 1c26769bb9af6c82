import { join } from 'node:path'
import type { Setting } from '@dlt/destination'
import type { ConfigProvider } from '../configuration/provider.ts'
import { resolveSettingsSync } from '../configuration/resolve-settings.ts'
import { normalizeSettings, pipelineSettings, runtimeSettings, schemaSettings } from '../configuration/settings.ts'
import { defaultPipelineName } from '../destinations/executing-script.ts'
import { destinationOfType } from '../destinations/named-destination.ts'
import type { DestinationInput } from '../destinations/resolve-destination.ts'
import { rememberSecret } from '../runtime/known-secrets.ts'
import type { LogLevel } from '../runtime/logger.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** Options of a pipeline with what the configuration says. */
export interface ConfiguredOptions extends PipelineOptions {
  readonly pipelineName: string
  /** The least important messages that are written, where no logger is given. Absent where nobody says it. */
  readonly logLevel?: LogLevel
  /** Whether names of tables and columns are left out of exported schemas. Absent where nobody says it. */
  readonly removesSchemaDefaults?: boolean
}

const [nameSetting, ...otherSettings] = pipelineSettings

/**
 * The options of a pipeline: what is given in code, else what the configuration has under `pipelines.<pipeline name>`, `pipelines` or
 * without a section. Settings of options that are given are not looked for.
 *
 * @param providers who is asked; the providers of this process when absent
 * @throws DltError `CONFIGURATION` for a value that does not fit, and a malformed file
 */
export function configuredOptions(given: PipelineOptions, providers?: readonly ConfigProvider[]): ConfiguredOptions {
  const asked = providers === undefined ? {} : { providers }
  const pipelineName =
    given.pipelineName ??
    resolveSettingsSync([nameSetting], { sections: ['pipelines'], ...asked }).pipeline_name ??
    defaultPipelineName()
  const own = { sections: ['pipelines', pipelineName], pipelineName, ...asked }
  const values = resolveSettingsSync(withoutGiven(otherSettings, given), own)
  const { workers } = resolveSettingsSync(withoutGiven(normalizeSettings, given), {
    ...own,
    sections: ['normalize'],
  })
  const schema = resolveSettingsSync(withoutGiven(schemaSettings, given), { ...own, ownSection: 'schema' })
  const { log_level } =
    given.logger === undefined ? resolveSettingsSync(runtimeSettings, { ...own, ownSection: 'runtime' }) : {}
  const { pipelines_dir } = values
  const workingDir = values.working_dir ?? (pipelines_dir === undefined ? undefined : join(pipelines_dir, pipelineName))
  const destination = configuredDestination(values)
  rememberSecret(given.pipelineSecret)
  return {
    ...(workingDir !== undefined && { workingDir }),
    ...(values.pipeline_secret !== undefined && { pipelineSecret: values.pipeline_secret }),
    ...(destination !== undefined && { destination }),
    ...(values.dataset_name !== undefined && { datasetName: values.dataset_name }),
    ...(values.dev_mode !== undefined && { devMode: values.dev_mode }),
    ...(values.refresh !== undefined && { refresh: values.refresh }),
    ...(values.restore_from_destination !== undefined && { restoreFromDestination: values.restore_from_destination }),
    ...(values.use_single_dataset !== undefined && { useSingleDataset: values.use_single_dataset }),
    ...(values.dataset_name_layout && { datasetNameLayout: values.dataset_name_layout }),
    ...(values.import_schema_path && { importSchemaPath: values.import_schema_path }),
    ...(values.export_schema_path && { exportSchemaPath: values.export_schema_path }),
    ...(schema.external_schema_format !== undefined && { externalSchemaFormat: schema.external_schema_format }),
    ...(schema.external_schema_format_remove_defaults !== undefined && {
      removesSchemaDefaults: schema.external_schema_format_remove_defaults,
    }),
    ...(workers !== undefined && { normalizeWorkers: workers }),
    ...(schema.promotion !== undefined && { promotion: schema.promotion }),
    ...(schema.quarantine !== undefined && { quarantine: schema.quarantine }),
    ...(log_level !== undefined && { logLevel: log_level }),
    ...withoutUndefined(given),
    pipelineName,
  }
}

interface ConfiguredDestination {
  readonly destination_type?: string
  readonly destination_name?: string
}

// As in the reference system, a name alone is also the type.
function configuredDestination({
  destination_type,
  destination_name,
}: ConfiguredDestination): DestinationInput | undefined {
  const type = destination_type ?? destination_name
  return type === undefined ? undefined : destinationOfType(type, destination_name)
}

function withoutGiven<One extends Setting>(settings: readonly One[], given: PipelineOptions): readonly One[] {
  const options = new Set(Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [option])))
  return settings.filter(({ option }) => option === undefined || !options.has(option))
}

function withoutUndefined(given: PipelineOptions): PipelineOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
