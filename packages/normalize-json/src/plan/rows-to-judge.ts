import { fieldKey, type NormalizationPlan, type TablePlan } from './normalization-plan.ts'

/**
 * The topmost tables with rows that may have to be discarded. Which rows of a table there are decides what is new in it, so tables
 * nested in one of these are judged after it.
 *
 * @param judged keys of tables that were judged already, see {@link tableKeys}
 * @returns positions in the plan; empty when no row can be discarded any more
 */
export function tablesToJudge({ tables }: NormalizationPlan, judged: ReadonlySet<string>): ReadonlySet<number> {
  const keys = tableKeys(tables)
  const pending = new Set<number>()
  const found = new Set<number>()
  tables.forEach((table, position) => {
    const isBelow = pending.has(table.parent)
    const isSuspect = discardsRows(table) && !judged.has(keys[position] ?? '')
    if (isSuspect && !isBelow) found.add(position)
    if (isSuspect || isBelow) pending.add(position)
  })
  return found
}

function discardsRows({ fields }: TablePlan): boolean {
  return fields
    .values()
    .some(
      ({ refusedBy, kinds }) =>
        refusedBy === 'discard_row' || kinds.values().some((kind) => kind.refusedBy === 'discard_row'),
    )
}

/** Identifies the tables of a plan by the raw keys on the way to them; the same in every plan of a package. */
export function tableKeys(tables: readonly TablePlan[]): readonly string[] {
  const keys: string[] = []
  for (const { parent, path } of tables) keys.push(parent === -1 ? '' : `${keys[parent]}${fieldKey(path)}\n`)
  return keys
}
