import { hintColumns, type MergeStrategy, type Schema, type TableSchema } from '@dlt/schema'
import { keyedStrategies, type MergeOption, mergeOptionNames, strategiesOfOption } from './merge-strategy-options.ts'

/** Where a table keeps the options that a strategy may not heed. */
const keyOfOption: Partial<Record<MergeOption, `x-${string}`>> = {
  deduplicated: 'x-stage-data-deduplicated',
  sourceFilter: 'x-merge-source-filter',
  destinationScope: 'x-merge-destination-scope',
  skipUnchangedRows: 'x-merge-skip-unchanged-rows',
}

/**
 * What a table says that is not heeded when it is loaded.
 * @param strategy how it is merged; `undefined` where it is not
 */
export function mergeWarnings(
  schema: Schema,
  table: TableSchema,
  strategy: MergeStrategy | undefined,
): readonly string[] {
  const where = `Table "${table.name}" (schema "${schema.name}")`
  if (strategy === undefined) return hintsOfMerges(table).map((hint) => `${where}: ${hint}, which only a merge heeds.`)
  return [...keyWarnings(table, strategy), ...optionWarnings(table, strategy)].map((warning) => `${where}: ${warning}`)
}

function hintsOfMerges(table: TableSchema): readonly string[] {
  return (['hard_delete', 'dedup_sort'] as const).flatMap((hint) =>
    hintColumns(table, hint).map((column) => `column "${column}" has the hint "${hint}"`),
  )
}

function keyWarnings(table: TableSchema, strategy: MergeStrategy): readonly string[] {
  const has = (hint: 'primary_key' | 'merge_key' | 'dedup_sort' | 'hard_delete'): boolean =>
    hintColumns(table, hint).length > 0
  const isScoped = table['x-merge-destination-scope'] !== undefined
  const warnings: string[] = []
  if (strategy === 'scd2' && has('hard_delete')) {
    warnings.push('the hint "hard_delete" is ignored, because a history ends what is not in the data any more.')
  }
  if (strategy === 'delete-insert' && !has('primary_key') && !has('merge_key') && !isScoped) {
    warnings.push(
      'it is merged but has neither a primary key nor a merge key, so rows are added and none is replaced. Declare primaryKey or mergeKey, or use the write disposition "append".',
    )
  }
  if (keyedStrategies.has(strategy) && strategy !== 'cdc' && has('merge_key')) {
    warnings.push(`the merge key is ignored, because the strategy "${strategy}" finds rows by their primary key.`)
  }
  if (isScoped && strategiesOfOption.destinationScope.includes(strategy) && has('merge_key')) {
    warnings.push('the merge key is ignored, because destinationScope says which rows may go.')
  }
  if (has('dedup_sort') && !has('primary_key')) {
    warnings.push('the hint "dedup_sort" is ignored, because without a primary key no row is a duplicate.')
  }
  if (has('dedup_sort') && table['x-stage-data-deduplicated'] === true) {
    warnings.push('the hint "dedup_sort" is ignored, because deduplicated says that no row is a duplicate.')
  }
  return warnings
}

function optionWarnings(table: TableSchema, strategy: MergeStrategy): readonly string[] {
  return mergeOptionNames.flatMap((option) => {
    const key = keyOfOption[option]
    if (key === undefined || !isSet(table, key) || strategiesOfOption[option].includes(strategy)) return []
    const strategies = strategiesOfOption[option].map((name) => `"${name}"`).join(', ')
    return [
      `${option} is ignored by the strategy "${strategy}". It belongs to ${strategies}: use one of these, or leave it out.`,
    ]
  })
}

function isSet(table: TableSchema, key: `x-${string}`): boolean {
  return table[key] !== undefined && table[key] !== null && table[key] !== false
}
