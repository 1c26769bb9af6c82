import type { ExtractSource } from '../extract/plan-sources.ts'
import type { PipelineState } from './pipeline-state.ts'

interface StateObject {
  readonly [key: string]: unknown
}

/**
 * The state as it is when sources begin to be read: a resource that replaces its table starts without a state of its own.
 * As in the reference system, the source then has an entry, though an empty one.
 */
export function withReplacedReset(state: PipelineState, sources: readonly ExtractSource[]): PipelineState {
  return sources.reduce(resetSource, state)
}

function resetSource(state: PipelineState, { name, resources }: ExtractSource): PipelineState {
  const replaced = resources.filter(({ options }) => options.writeDisposition === 'replace')
  if (replaced.length === 0) return state
  const source = objectOf(state.sources?.[name])
  const { resources: known, ...rest } = source
  if (known === undefined) return { ...state, sources: { ...state.sources, [name]: source } }
  const names = new Set(replaced.map((resource) => resource.name))
  const kept = Object.fromEntries(Object.entries(objectOf(known)).filter(([resource]) => !names.has(resource)))
  return { ...state, sources: { ...state.sources, [name]: { ...rest, resources: kept } } }
}

function objectOf(value: unknown): StateObject {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
