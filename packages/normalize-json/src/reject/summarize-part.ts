import { partCount } from '../normalize/scalar-reader.ts'
import { measureValues } from '../page/measure-values.ts'
import type { ColumnPart, ColumnSummary } from '../page/page.ts'

/** Longest text that a summary repeats. */
const longestFirstText = 100

/** The summary of a column of a page, made from its values. */
export function summarizePart(path: readonly string[], part: ColumnPart): ColumnSummary {
  const firstValue = firstOf(part)
  return {
    path,
    kind: part.kind,
    count: partCount(part),
    firstOrdinal: part.ordinals?.[0] ?? 0,
    ...(firstValue !== undefined && { firstValue }),
    ...(part.kind === 'integer' && part.values instanceof Float64Array && range(part.values)),
    ...(path.length > 0 && measureValues(part.kind, part.values)),
  }
}

function firstOf({ kind, values }: ColumnPart): ColumnSummary['firstValue'] {
  if (!ArrayBuffer.isView(values)) {
    if (kind === 'binary') return undefined
    const text = Buffer.from(values.bytes.subarray(values.offsets[0], values.offsets[1])).toString('utf8')
    return text.length > longestFirstText ? undefined : text
  }
  const [first] = values
  switch (kind) {
    case 'bool':
      return first === 1
    case 'integer':
    case 'double':
      return typeof first === 'number' ? withoutSign(first) : undefined
    default:
      return typeof first === 'bigint' ? String(first) : undefined
  }
}

/** Summaries are JSON, which does not know -0. */
function withoutSign(value: number): number {
  return value === 0 ? 0 : value
}

function range(values: Float64Array): { readonly minimum: number; readonly maximum: number } {
  let minimum = values[0] ?? 0
  let maximum = minimum
  for (const value of values) {
    minimum = Math.min(minimum, value)
    maximum = Math.max(maximum, value)
  }
  return { minimum: withoutSign(minimum), maximum: withoutSign(maximum) }
}
