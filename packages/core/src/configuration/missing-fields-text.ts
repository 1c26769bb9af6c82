import type { MissingFieldsFacts } from './config-field-missing.ts'
import type { MissingField } from './missing-field.ts'
import type { Lookup } from './origin.ts'
import type { ConfigProvider } from './provider.ts'

/** The message for missing values: which, every place that was looked at, the files, and what to write where. */
export function missingFieldsText({ owner, missing, providers }: MissingFieldsFacts): string {
  return [
    `Configuration values are missing for ${owner}: ${missing.map(titleOf).join(', ')}.`,
    ...missing.flatMap((field) => lookedAt(field)),
    ...filesOf(providers),
    ...remedies(missing, providers),
  ].join('\n')
}

function titleOf({ name, secret }: MissingField): string {
  return secret ? `"${name}" (secret)` : `"${name}"`
}

function lookedAt(field: MissingField, indent = ''): readonly string[] {
  const { alternatives } = field
  if (alternatives === undefined)
    return [`${indent}${titleOf(field)} was looked for, in this order, at:`, ...places(field.lookups, indent)]
  return [
    `${indent}"${field.name}" can have ${alternatives.length} forms, and none of them is complete:`,
    ...alternatives.flatMap((missing, index) => [
      `${indent}  form ${index + 1} of ${alternatives.length} lacks ${missing.map(titleOf).join(', ')}`,
      ...missing.flatMap((inner) => lookedAt(inner, `${indent}    `)),
    ]),
  ]
}

// One line for all keys in a row that one provider was asked for.
function places(lookups: readonly Lookup[], indent: string): readonly string[] {
  const lines: { provider: string; keys: string[] }[] = []
  for (const { provider, key } of lookups) {
    const last = lines.at(-1)
    if (last?.provider === provider) last.keys.push(key)
    else lines.push({ provider, keys: [key] })
  }
  if (lines.length === 0) return [`${indent}  no provider: all that may hold it are empty`]
  return lines.map(({ provider, keys }) => `${indent}  ${provider}: ${keys.join(', ')}`)
}

function filesOf(providers: readonly ConfigProvider[]): readonly string[] {
  const files = providers.flatMap(({ locations = [] }) =>
    locations.map(({ path, present }) => `  ${path}${present ? '' : ' (does not exist)'}`),
  )
  return files.length === 0 ? [] : ['Files:', ...files]
}

function remedies(missing: readonly MissingField[], providers: readonly ConfigProvider[]): readonly string[] {
  const needed = missing.flatMap((field) => firstAlternative(field))
  const environment = providers.find(({ name }) => name === 'environment')
  return [
    ...fileRemedy(
      'secrets.toml',
      needed.filter(({ secret }) => secret),
      providers,
    ),
    ...fileRemedy(
      'config.toml',
      needed.filter(({ secret }) => !secret),
      providers,
    ),
    ...(environment === undefined || needed.length === 0
      ? []
      : [`or set in the environment: ${needed.map(({ path }) => environment.keyOf(path)).join(', ')}`]),
  ]
}

function firstAlternative(field: MissingField): readonly MissingField[] {
  return field.alternatives?.[0]?.flatMap((inner) => firstAlternative(inner)) ?? [field]
}

function fileRemedy(
  name: string,
  fields: readonly MissingField[],
  providers: readonly ConfigProvider[],
): readonly string[] {
  const file = providers.find((provider) => provider.name === name)?.locations?.[0]?.path
  if (fields.length === 0 || file === undefined) return []
  // What stands before the first header belongs to the document itself.
  const sections = new Map<string, string[]>([['', []]])
  for (const { path } of fields) {
    const section = path.slice(0, -1).join('.')
    sections.set(section, [...(sections.get(section) ?? []), `  ${path.at(-1)} = "..."`])
  }
  const lines = [...sections].flatMap(([section, keys]) => (section === '' ? keys : [`  [${section}]`, ...keys]))
  return [`To give what is missing, add to ${file}:`, ...lines]
}
