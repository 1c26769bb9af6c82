import { join } from 'node:path'
import type { Setting } from '@dlt/destination'
import { rememberSecret } from '../configuration/known-secrets.ts'
import type { ConfigProvider } from '../configuration/provider.ts'
import { resolveSettingsSync } from '../configuration/resolve-settings.ts'
import { normalizeSettings, pipelineSettings, runtimeSettings } from '../configuration/settings.ts'
import { defaultPipelineName } from '../destinations/executing-script.ts'
import { destinationOfType } from '../destinations/named-destination.ts'
import type { DestinationInput } from '../destinations/resolve-destination.ts'
import type { LogLevel } from '../runtime/logger.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { refuseSettings } from './refuse-settings.ts'

/** Options of a pipeline with what the configuration says. */
export interface ConfiguredOptions extends PipelineOptions {
  readonly pipelineName: string
  /** The least important messages that are written, where no logger is given. Absent where nobody says it. */
  readonly logLevel?: LogLevel
}

const [nameSetting, ...otherSettings] = pipelineSettings

/**
 * The options of a pipeline: what is given in code, else what the configuration has under `pipelines.<pipeline name>`, `pipelines` or
 * without a section. Settings of options that are given are not looked for.
 *
 * @param providers who is asked; the providers of this process when absent
 * @throws DltError `CONFIGURATION` for a value that does not fit, and a malformed file; `UNSUPPORTED` for a setting that would change
 * what is loaded, and does not exist here
 */
export function configuredOptions(given: PipelineOptions, providers?: readonly ConfigProvider[]): ConfiguredOptions {
  const asked = providers === undefined ? {} : { providers }
  const pipelineName =
    given.pipelineName ??
    resolveSettingsSync([nameSetting], { sections: ['pipelines'], ...asked }).pipeline_name ??
    defaultPipelineName()
  const own = { sections: ['pipelines', pipelineName], pipelineName, ...asked }
  refuseSettings(own)
  const values = resolveSettingsSync(withoutGiven(otherSettings, given), own)
  const { workers } = resolveSettingsSync(withoutGiven(normalizeSettings, given), {
    ...own,
    sections: ['normalize'],
  })
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
    ...(values.restore_from_destination !== undefined && { restoreFromDestination: values.restore_from_destination }),
    ...(workers !== undefined && { normalizeWorkers: workers }),
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
