import type { Cell, DatasetForm } from '../fixtures/dataset-form.ts'

/**
 * The tables with states as `fixtures/record_scripts.py` writes them: hashes of boundary rows, which are a set, in order; where there
 * are several, the hash of the state, which depends on their order, is left out.
 */
export function withSettledStates(tables: DatasetForm): DatasetForm {
  const states = tables['_dlt_pipeline_state']
  if (states === undefined) return tables
  const names = states.columns.map((column) => column.split(' ')[0] ?? '')
  const shown = names.filter((name) => name !== 'created_at' && name !== '_dlt_id')
  const stateAt = shown.indexOf('state')
  const hashAt = shown.indexOf('version_hash')
  const rows = states.rows.map((row) => {
    const { text, isSettled } = settledState(String(row[stateAt]))
    return row.map((cell, at): Cell => (at === stateAt ? text : at === hashAt && !isSettled ? null : cell))
  })
  return { ...tables, _dlt_pipeline_state: { ...states, rows } }
}

/** The text of a state with hashes of boundary rows in order, and whether its own hash was kept, which depends on their order. */
export function settledState(text: string): { readonly text: string; readonly isSettled: boolean } {
  let isSettled = true
  const document: unknown = JSON.parse(text, (key, value: unknown) => {
    if (key !== 'unique_hashes' || !Array.isArray(value)) return value
    if (value.length > 1) isSettled = false
    return value.map(String).sort()
  })
  const settled = isSettled ? document : { ...Object(document), _version_hash: null }
  return { text: JSON.stringify(settled), isSettled }
}
