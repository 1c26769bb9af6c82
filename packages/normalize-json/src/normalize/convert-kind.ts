import type { ColumnSchema } from '@dlt/schema'
import type { ColumnPart } from '../page/page.ts'
import type { KindPlan, TypeDefaults } from '../plan/normalization-plan.ts'
import { convertPart, selectValues } from './convert-part.ts'
import type { Contribution } from './typed-values.ts'

/** What became of the values of one kind at one source path. */
export interface ConvertedKind {
  /** What column, variant and overflow column take, in this order; absent where there is no such column, or nothing is left for it. */
  readonly taken: readonly (readonly [ColumnSchema, Contribution])[]
  /** The first row of each; -1 where it took nothing. */
  readonly firsts: readonly [taken: number, variant: number, overflow: number]
  /** The values that none of them takes. */
  readonly rest: ColumnPart | undefined
}

/** Converts values to the type of their column; what this one cannot hold goes to the next. */
export function convertKind(
  part: ColumnPart,
  column: ColumnSchema,
  { rule, variant, overflow }: KindPlan,
  defaults: TypeDefaults,
): ConvertedKind {
  const taken: (readonly [ColumnSchema, Contribution])[] = []
  const firsts: [number, number, number] = [-1, -1, -1]
  let rest: ColumnPart | undefined = part
  for (const [index, target] of [{ column, rule }, variant, overflow].entries()) {
    if (target === undefined || rest === undefined) continue
    const { contribution, failed } = convertPart(rest, target.column, target.rule, defaults)
    taken.push([target.column, contribution])
    firsts[index] = firstRow(contribution)
    rest = failed.length === 0 ? undefined : selectValues(rest, failed)
  }
  return { taken, firsts, rest }
}

function firstRow({ ordinals }: Contribution): number {
  return ordinals === undefined ? 0 : (ordinals[0] ?? -1)
}
