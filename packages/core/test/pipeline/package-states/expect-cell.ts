import { expect } from 'vitest'
import type { Happening } from './happening.ts'
import type { Observed } from './observed-state.ts'
import type { Cell, PackageState } from './states-document.ts'

/** What counts of a package when the step that works on it has died. */
const counting: Readonly<Record<PackageState, string>> = {
  extracting: 'nothing',
  extracted: 'extracted',
  normalizing: 'extracted',
  normalized: 'normalized',
  loading: 'normalized',
  committed: 'committed',
  failed: 'failed',
  loaded: 'loaded',
  aborted: 'aborted',
}

const refusals: Readonly<Record<string, (loadId: string) => string>> = {
  'refused: not pending': (loadId) => `Pipeline "shop" has no pending load package "${loadId}". Nothing is pending.`,
  'refused: is loaded': (loadId) =>
    `Load package "${loadId}" of pipeline "shop" cannot be given up: "${loadId}" of the same extract, or of a later one, is loaded already. ` +
    `Finish the rest with pipeline.retry('${loadId}'), or pass { force: true }: the rows that are loaded stay then, and will be extracted again.`,
  'refused: destination': (loadId) =>
    `Load package "${loadId}" of pipeline "shop" waits for the destination "warehouse" and cannot go to the destination "other" of type "warehouse". ` +
    `Load it into its own destination first, or give it up with pipeline.abort('${loadId}'): the next run extracts its rows again then.`,
}

/** Asserts that what happened is what the documentation says. */
export function expectCell({ state, next }: Cell, loadId: string, happening: Happening, observed: Observed): void {
  const refusal = refusals[next]
  if (refusal !== undefined) expect(String(happening.error)).toContain(refusal(loadId))
  if (next === 'impossible') expect(happening.loadIds).not.toContain(loadId)
  if (next === 'impossible: found') expect(happening).toEqual({ loadIds: [loadId] })
  const isUntouched = refusal !== undefined || next === 'impossible'
  const reached = isUntouched ? counting[state] : next === 'impossible: found' ? 'loaded' : next
  expect(observed).toMatchObject(outcomes[reached] ?? {})
  expect(outcomes).toHaveProperty([reached])
}

const none = { rows: [], elsewhere: [] }
const inDataset = { rows: [2], elsewhere: [] }

/** What is to be seen of a package by what the cell says. */
const outcomes: Readonly<Record<string, Partial<Observed>>> = {
  nothing: { state: 'gone', ...none },
  extracted: { state: 'extracted', ...none },
  normalized: { state: 'normalized', ...none },
  failed: { state: 'failed', ...none },
  committed: { state: 'committed', ...inDataset },
  loaded: { state: 'loaded', ...inDataset },
  'loaded elsewhere': { state: 'loaded', rows: [], elsewhere: [2] },
  'loaded in both datasets': { state: 'loaded', rows: [2], elsewhere: [2] },
  aborted: { state: 'gone', ...none, isRemembered: true },
  'aborted, rows stay': { state: 'gone', ...inDataset, isRemembered: true },
}
