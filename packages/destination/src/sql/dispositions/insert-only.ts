import { type MergeWriter, stagedNested } from './merge.ts'
import {
  dropFlagged,
  dropParentless,
  hasRepeatedKeys,
  insertUnknown,
  keepOnePerKey,
  keepOnePerNestedId,
  refuseMissingKeys,
} from './staged-rows.ts'
import { rowKeyOf } from './table-keys.ts'

/** Inserts rows with unknown keys: the first one of each key. Nested rows are known by their own ids, so that lists of known rows can grow. */
export const insertOnly: MergeWriter = async (given) => {
  const { hints } = given
  await refuseMissingKeys(given)
  await dropFlagged(given)
  const isRepeated = !hints.deduplicated && (await hasRepeatedKeys(given))
  const merge = isRepeated ? await keepOnePerNestedId(await keepOnePerKey(given, 'first')) : given
  await insertUnknown(merge, merge.root, hints.primaryKey)
  for (const table of stagedNested(merge)) {
    // A known row from before the table was merged by key has an id of another kind than the one that its nested rows name.
    await dropParentless(merge, table)
    await insertUnknown(merge, table, [rowKeyOf(table.table)])
  }
  return isRepeated
    ? 'primary keys come twice, so that the first row of each is inserted where it is unknown'
    : 'rows with unknown keys are inserted by one statement'
}
