import fc from 'fast-check'
import { Resource } from '../../src/declare/resource.ts'
import type { PipeStep } from '../../src/items/pipe-step.ts'

/** What a generator yields at once: an item, or a page of items. */
interface Unit {
  readonly isPage: boolean
  readonly items: readonly number[]
}

type Shape = 'single' | 'page' | 'promise' | 'promise of page' | 'set' | 'iterator' | 'asynchronous iterator'

interface Piece {
  readonly shape: Shape
  readonly items: readonly number[]
}

type ModelStep =
  | { readonly kind: 'map' | 'filter' | 'split'; readonly by: number; readonly isLate: boolean }
  | { readonly kind: 'limit'; readonly count: number; readonly countRows: boolean }

interface ModelRoot {
  readonly pieces: readonly Piece[]
  readonly isAsync: boolean
  readonly isParallelized: boolean
  readonly steps: readonly ModelStep[]
}

interface ModelChild {
  /** Positions of the parents among all resources; reduced to those that come before. */
  readonly parents: readonly number[]
  readonly returns: 'item' | 'list' | 'promise' | 'generator' | 'asynchronous generator'
  readonly by: number
  readonly concurrency: number
  readonly isOrdered: boolean
  readonly steps: readonly ModelStep[]
}

/** Resources, some of them with data of their own and some over others, and how they are read. */
export interface PipeModel {
  readonly roots: readonly ModelRoot[]
  readonly children: readonly ModelChild[]
  readonly order: 'round_robin' | 'fifo'
  readonly maxParallel: number
  readonly maxConcurrency: number | undefined
  readonly room: number
}

const item = fc.integer({ min: -20, max: 20 })
const shape = fc.constantFrom<Shape>(
  'single',
  'page',
  'promise',
  'promise of page',
  'set',
  'iterator',
  'asynchronous iterator',
)
// Small pages are often left without items by a filter: a limit must tell them from empty ones.
const items = fc.oneof(fc.uniqueArray(item, { maxLength: 4 }), fc.uniqueArray(item, { maxLength: 1 }))
const piece = fc.record({ shape, items })
const step: fc.Arbitrary<ModelStep> = fc.record({
  kind: fc.constantFrom('map', 'filter', 'split'),
  by: fc.integer({ min: 2, max: 4 }),
  isLate: fc.boolean(),
})
const limit: fc.Arbitrary<ModelStep> = fc.record({
  kind: fc.constant('limit'),
  count: fc.integer({ min: 0, max: 4 }),
  countRows: fc.boolean(),
})
const steps = fc.array(step, { maxLength: 3 })

/** Any pipes. */
export const pipeModels: fc.Arbitrary<PipeModel> = fc.record({
  roots: fc.array(
    fc.record({
      pieces: fc.array(piece, { maxLength: 5 }),
      isAsync: fc.boolean(),
      isParallelized: fc.boolean(),
      steps: fc.tuple(steps, fc.option(limit)).map(([all, last]) => (last === null ? all : [...all, last])),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  children: fc.array(
    fc.record({
      parents: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
      returns: fc.constantFrom('item', 'list', 'promise', 'generator', 'asynchronous generator'),
      by: fc.integer({ min: 2, max: 4 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      isOrdered: fc.boolean(),
      steps,
    }),
    { maxLength: 3 },
  ),
  order: fc.constantFrom('round_robin', 'fifo'),
  maxParallel: fc.integer({ min: 1, max: 3 }),
  maxConcurrency: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  room: fc.integer({ min: 1, max: 4 }),
})

/** What should come out of a resource, and whether its order is known. */
export interface Expected {
  readonly items: readonly number[]
  readonly isOrdered: boolean
}

/** What lists make of the model, one resource after another. */
export function expectedItems({ roots, children }: PipeModel): readonly Expected[] {
  const expected: Expected[] = roots.map((root) => ({
    items: throughSteps(root.pieces.flatMap(unitsOf), root.steps).flatMap(({ items }) => items),
    isOrdered: true,
  }))
  for (const child of children) {
    const parents = parentsOf(child, expected.length).flatMap((index) => expected[index] ?? [])
    const units = parents.flatMap(({ items }) => items).flatMap((each) => splitBy(each, child.by).map(single))
    expected.push({
      items: throughSteps(units, child.steps).flatMap(({ items }) => items),
      isOrdered: parents.length === 1 && parents.every(({ isOrdered }) => isOrdered) && orderIsKept(child),
    })
  }
  return expected
}

/** The resources of the model, named by their position. */
export function modelResources({ roots, children }: PipeModel): readonly Resource[] {
  const resources: Resource[] = roots.map(
    (root, index) =>
      new Resource(
        { name: `r${index}`, parallelized: root.isParallelized },
        { kind: 'items', data: () => (root.isAsync ? yieldLater(root.pieces) : yieldNow(root.pieces)) },
        root.steps.map(pipeStep),
      ),
  )
  for (const child of children) {
    const parents = parentsOf(child, resources.length).flatMap((index) => resources[index] ?? [])
    const { concurrency, isOrdered: ordered } = child
    const content = { kind: 'transformer', parents, concurrency, ordered } as const
    resources.push(
      new Resource(
        { name: `r${resources.length}` },
        { ...content, transform: (each) => transformed(Number(each), child) },
        child.steps.map(pipeStep),
      ),
    )
  }
  return resources
}

function parentsOf({ parents }: ModelChild, before: number): readonly number[] {
  return [...new Set(parents.map((position) => position % before))]
}

function orderIsKept({ concurrency, isOrdered }: ModelChild): boolean {
  return isOrdered || concurrency === 1
}

const single = (value: number): Unit => ({ isPage: false, items: [value] })

function unitsOf({ shape: form, items }: Piece): readonly Unit[] {
  return form === 'page' || form === 'promise of page' || form === 'set' ? [{ isPage: true, items }] : items.map(single)
}

/** One item becomes none, one or two. */
function splitBy(value: number, by: number): readonly number[] {
  return Array.from({ length: Math.abs(value) % by }, (_, index) => value + index).slice(0, 2)
}

function throughSteps(units: readonly Unit[], all: readonly ModelStep[]): readonly Unit[] {
  return all.reduce(throughStep, units)
}

function throughStep(units: readonly Unit[], modelStep: ModelStep): readonly Unit[] {
  switch (modelStep.kind) {
    case 'map':
      return units.map(({ isPage, items }) => ({ isPage, items: items.map((each) => each * modelStep.by) }))
    case 'filter':
      return units
        .map(({ isPage, items }) => ({ isPage, items: items.filter((each) => each % modelStep.by !== 0) }))
        .filter(({ isPage, items }, index) => items.length > 0 || (isPage && units[index]?.items.length === 0))
    case 'split':
      return units.flatMap((unit) =>
        unit.isPage && unit.items.length === 0
          ? [unit]
          : unit.items.flatMap((each) => splitBy(each, modelStep.by)).map(single),
      )
    case 'limit':
      return limited(units, modelStep.count, modelStep.countRows)
  }
}

function limited(units: readonly Unit[], count: number, countRows: boolean): readonly Unit[] {
  const kept: Unit[] = []
  let counted = 0
  for (const unit of units) {
    if (counted >= count) break
    kept.push(unit)
    counted += countRows ? unit.items.length : 1
  }
  return kept
}

function pipeStep(modelStep: ModelStep): PipeStep {
  if (modelStep.kind === 'limit') {
    return { kind: 'limit', maxItems: modelStep.count, countRows: modelStep.countRows }
  }
  const { kind, by, isLate } = modelStep
  const now = <Value>(value: Value): Value | Promise<Value> => (isLate ? Promise.resolve(value) : value)
  if (kind === 'map') return { kind, apply: (value) => now(Number(value) * by) }
  if (kind === 'filter') return { kind, keep: (value) => now(Number(value) % by !== 0) }
  return { kind: 'yield_map', expand: (value) => (isLate ? later : iterate)(splitBy(Number(value), by)) }
}

function iterate(values: readonly number[]): Iterable<number> {
  return values.values()
}

async function* later(values: readonly number[]): AsyncGenerator<number> {
  for (const value of values) {
    await Promise.resolve()
    yield value
  }
}

function* yieldNow(pieces: readonly Piece[]): Generator<unknown> {
  for (const each of pieces) yield* valuesOf(each)
}

async function* yieldLater(pieces: readonly Piece[]): AsyncGenerator<unknown> {
  for (const each of pieces) {
    await Promise.resolve()
    yield* valuesOf(each)
  }
}

function valuesOf({ shape: form, items }: Piece): readonly unknown[] {
  switch (form) {
    case 'single':
      return items
    case 'page':
      return [items]
    case 'promise':
      return items.map((each) => Promise.resolve(each))
    case 'promise of page':
      return [Promise.resolve(items)]
    case 'set':
      return [new Set(items)]
    case 'iterator':
      return [items.values()]
    case 'asynchronous iterator':
      return [later(items)]
  }
}

function transformed(value: number, { returns, by }: ModelChild): unknown {
  const results = splitBy(value, by)
  switch (returns) {
    case 'item':
      return results.length === 1 ? results[0] : results
    case 'list':
      return results
    case 'promise':
      return Promise.resolve(results)
    case 'generator':
      return results.values()
    case 'asynchronous generator':
      return later(results)
  }
}
