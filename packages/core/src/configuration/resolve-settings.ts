import type { Setting, SettingType } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { rememberSecret } from '../runtime/known-secrets.ts'
import { askProviders, type LookupContext, type Lookups, refreshProviders } from './ask-providers.ts'
import { type LookupScope, lookupPaths, scopeInside } from './lookup-paths.ts'
import { describeOrigin } from './origin.ts'
import { processProviders } from './process-providers.ts'
import type { ConfigProvider } from './provider.ts'
import { runLookups, runLookupsSync } from './run-lookups.ts'
import { isTable } from './toml-document.ts'
import { convertValue, describeTarget, type ValueTarget } from './value-target.ts'

/** What a setting of a type holds. */
export type SettingValue<Type extends SettingType> = Type extends { readonly oneOf: readonly (infer One)[] }
  ? One
  : {
      text: string
      boolean: boolean
      integer: number
      number: number
      list: readonly unknown[]
      table: Readonly<Record<string, unknown>>
    }[Extract<Type, string>]

/** The settings that somebody set, by key. */
export type SettingValues<Settings extends readonly Setting[]> = {
  readonly [One in Settings[number] as One['key']]?: SettingValue<One['type']>
}

/** Where settings are looked for. */
export interface SettingsOptions {
  /** Sections: `['destination', 'files']`. Default: none. */
  readonly sections?: readonly string[]
  /** A section of the settings themselves, which stays when the others are left out: `normalize`. Default: none. */
  readonly ownSection?: string
  /** Values under this name are looked for first. Default: none. */
  readonly pipelineName?: string
  /** Who is asked, in order. Default: the providers of this process. */
  readonly providers?: readonly ConfigProvider[]
}

/**
 * The settings that providers hold; those that none holds are absent.
 * @throws DltError `CONFIGURATION` for a value of another type, and as `resolveConfiguration` does
 */
export function resolveSettings<const Settings extends readonly Setting[]>(
  settings: Settings,
  options: SettingsOptions = {},
): Promise<SettingValues<Settings>> {
  return runLookups(lookUpSettings(settings, options))
}

/** The settings that synchronous providers hold. See {@link resolveSettings}. */
export function resolveSettingsSync<const Settings extends readonly Setting[]>(
  settings: Settings,
  options: SettingsOptions = {},
): SettingValues<Settings> {
  const providers = (options.providers ?? processProviders()).filter(({ synchronous }) => synchronous === true)
  return runLookupsSync(lookUpSettings(settings, { ...options, providers }))
}

function* lookUpSettings<Settings extends readonly Setting[]>(
  settings: Settings,
  { sections = [], ownSection, pipelineName, providers = processProviders() }: SettingsOptions,
): Lookups<SettingValues<Settings>> {
  yield* refreshProviders(providers)
  const scope = { sections, embedded: [], ...(ownSection !== undefined && { ownSection }) }
  const context = { providers, ...(pipelineName !== undefined && { pipelineName }) }
  const values: Record<string, unknown> = {}
  for (const setting of settings) {
    const value = yield* lookUp(setting, scope, context)
    if (value !== undefined) values[setting.key] = value
  }
  // The declarations say what the values are.
  return values as SettingValues<Settings>
}

function* lookUp(setting: Setting, scope: LookupScope, context: LookupContext): Lookups<unknown> {
  const { key, alias, secret = false, parts, whole } = setting
  for (const name of alias === undefined ? [key] : [key, alias]) {
    const request = { paths: lookupPaths(name, scope), secret, onlyValues: parts !== undefined }
    const { found } = yield* askProviders(request, context)
    // A table is given in parts.
    if (found === undefined || (parts !== undefined && isTable(found.value))) continue
    const converted = convertValue(found.value, targetOf(setting.type))
    if (converted.ok && isLargeEnough(converted.value, setting)) {
      if (secret) rememberSecret(converted.value)
      const beside = parts && whole && (yield* lookUpParts(key, parts, scope, context))
      return beside === undefined || whole === undefined ? converted.value : { ...beside, [whole]: converted.value }
    }
    const { minimum } = setting
    const expected = `${describeTarget(targetOf(setting.type))}${minimum === undefined ? '' : ` from ${minimum} on`}`
    throw new DltError(
      `${describeOrigin(found.origin)} is not ${expected}. Correct it there; the value is not shown.`,
      {
        code: 'CONFIGURATION',
      },
    )
  }
  return parts === undefined ? undefined : yield* lookUpParts(key, parts, scope, context)
}

function* lookUpParts(
  key: string,
  parts: readonly Setting[],
  scope: LookupScope,
  context: LookupContext,
): Lookups<Readonly<Record<string, unknown>> | undefined> {
  const record: Record<string, unknown> = {}
  for (const part of parts) {
    const value = yield* lookUp(part, scopeInside(key, scope), context)
    if (value !== undefined) record[part.option ?? part.key] = value
  }
  return Object.keys(record).length === 0 ? undefined : record
}

function isLargeEnough(value: unknown, { minimum }: Setting): boolean {
  return minimum === undefined || typeof value !== 'number' || value >= minimum
}

function targetOf(type: SettingType): ValueTarget {
  if (typeof type === 'object') return { type: 'options', options: type.oneOf, anyCase: true }
  return { type: type === 'table' ? 'record' : type }
}
