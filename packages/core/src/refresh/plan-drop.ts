import { DltError, dropTables, type Schema } from '@dlt/schema'
import type { PipelineState } from '../state/pipeline-state.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { storableCopy } from '../state/storable-copy.ts'
import { tablesOfResources } from './resource-tables.ts'
import { deleteStatePaths } from './state-paths.ts'

/** What `drop` removes. */
export interface DropSelection {
  /** Resources whose tables and state go: names, or regular expressions after `re:`, which match from the beginning. Default: none. */
  readonly resources?: string | readonly string[]
  /** Whether all resources go. Default: false. */
  readonly dropAll?: boolean
  /** JSONPaths of parts of the source's state that go as well: `'last_page'`, `'$.cursors.*'`, `'*'`. Default: none. */
  readonly statePaths?: string | readonly string[]
  /** Whether only state goes, and tables stay. Default: false. */
  readonly stateOnly?: boolean
  /** Name of the schema, which is also that of its source. Default: the default schema. */
  readonly schema?: string
}

/** What a drop removes, or would remove. */
export interface DroppedParts {
  readonly schemaName: string
  /** Tables that leave the schema, nested ones first. */
  readonly tables: readonly string[]
  /** Those of them that are dropped at the destination, because they have had rows. */
  readonly tablesWithData: readonly string[]
  /** Resources that these tables belong to. */
  readonly resources: readonly string[]
  /** Resources whose state goes. */
  readonly resourceStates: readonly string[]
  /** Other parts of the state that go, as paths in the state. */
  readonly statePaths: readonly string[]
  /** What was asked for and is not there. */
  readonly warnings: readonly string[]
  /** Whether nothing is there to be removed. */
  readonly isEmpty: boolean
}

/** A drop with what results. */
export interface DropPlan {
  readonly parts: DroppedParts
  readonly schema: Schema
  /** What the state holds for all sources afterwards. */
  readonly sources: NonNullable<PipelineState['sources']>
}

/** @throws DltError `CONFIGURATION` for a pattern or path that cannot be read */
export function planDrop(schema: Schema, state: PipelineState, selection: DropSelection): DropPlan {
  const picks = resourcePicker(selection)
  const found = tablesOfResources(schema, picks)
  const { tables, withData, resources } = selection.stateOnly === true ? nothing : found
  const { name } = schema
  const draft = stateOf(state, name)
  const states = isObject(draft['resources']) ? draft['resources'] : {}
  const resourceStates = Object.keys(states).filter(picks)
  for (const resource of resourceStates) Reflect.deleteProperty(states, resource)
  const wanted = [selection.statePaths ?? []].flat()
  const statePaths = wanted.flatMap((path) => deleteStatePaths(draft, path))
  const parts = { schemaName: name, tables, tablesWithData: withData, resources, resourceStates, statePaths }
  const isEmpty = tables.length === 0 && resourceStates.length === 0 && statePaths.length === 0
  const warnings = [
    ...(asksForResources(selection) && found.tables.length === 0 ? [noTables(schema)] : []),
    ...(wanted.length > 0 && statePaths.length === 0 ? [`No state of source "${name}" is at ${quoted(wanted)}.`] : []),
  ]
  const changed = resourceStates.length > 0 || statePaths.length > 0
  return {
    parts: { ...parts, warnings, isEmpty },
    schema: dropTables(schema, tables),
    sources: changed ? { ...state.sources, [name]: draft } : { ...state.sources },
  }
}

const nothing = { tables: [], withData: [], resources: [] } as const

function asksForResources({ resources, dropAll }: DropSelection): boolean {
  return dropAll === true || [resources ?? []].flat().length > 0
}

function resourcePicker({ resources = [], dropAll }: DropSelection): (resource: string) => boolean {
  if (dropAll === true) return () => true
  const patterns = [resources].flat().map(resourcePattern)
  return (resource) =>
    patterns.some((pattern) => (typeof pattern === 'string' ? pattern === resource : pattern.test(resource)))
}

function resourcePattern(resource: string): string | RegExp {
  if (!resource.startsWith('re:')) return resource
  try {
    return new RegExp(`^(?:${resource.slice(3)})`, 'u')
  } catch (cause) {
    throw new DltError(`drop: "${resource}" is no regular expression. Correct what stands after "re:".`, {
      code: 'CONFIGURATION',
      cause,
    })
  }
}

function stateOf({ sources }: PipelineState, name: string): StateDraft {
  const stored: unknown = sources?.[name]
  const copy = storableCopy(stored ?? {}, `sources.${name}`)
  return isObject(copy) ? copy : {}
}

function isObject(value: unknown): value is StateDraft {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function noTables(schema: Schema): string {
  const { resources } = tablesOfResources(schema, () => true)
  return `No table of schema "${schema.name}" belongs to these resources. It has tables of ${quoted(resources) || 'none'}.`
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
