import type { DestinationCapabilities, FileFormat } from '@dlt/destination'
import { chooseFileFormat, type FileFormatChoice } from '@dlt/file-formats'
import type { NormalizationPlan } from '@dlt/normalize-json'
import type { DataType } from '@dlt/schema'

/**
 * How the files of each table of a plan are written, and why.
 * @param rowCount rows of the package, of all tables together
 */
export function tableFormats(
  capabilities: DestinationCapabilities,
  plan: NormalizationPlan,
  rowCount: number,
): ReadonlyMap<string, FileFormatChoice> {
  return new Map(
    plan.tables.map((table) => [
      table.name,
      chooseFileFormat(capabilities, { rowCount, columnTypes: columnTypes(table) }),
    ]),
  )
}

/** The formats without the reasons. */
export function fileFormats(choices: ReadonlyMap<string, FileFormatChoice>): ReadonlyMap<string, FileFormat> {
  return new Map([...choices].map(([table, { format }]) => [table, format]))
}

function columnTypes(table: NormalizationPlan['tables'][number]): ReadonlySet<DataType> {
  const rules = [...table.fields.values()].flatMap(({ kinds }) =>
    [...kinds.values()].flatMap(({ rule, variant }) =>
      variant === undefined ? [rule.to] : [rule.to, variant.rule.to],
    ),
  )
  return new Set(rules)
}
