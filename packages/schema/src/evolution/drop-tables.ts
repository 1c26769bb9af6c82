import type { Schema } from '../schema.ts'

/** The schema without some tables, and without the rules that copy values of their rows into nested tables. */
export function dropTables(schema: Schema, names: Iterable<string>): Schema {
  const tables = new Map(schema.tables)
  const dropped = [...names].filter((name) => tables.delete(name))
  if (dropped.length === 0) return schema
  const { json } = schema.normalizers
  const rules = json.config?.propagation?.tables
  if (rules === undefined) return { ...schema, tables }
  const kept = Object.fromEntries(Object.entries(rules).filter(([table]) => !dropped.includes(table)))
  const config = { ...json.config, propagation: { ...json.config?.propagation, tables: kept } }
  return { ...schema, tables, normalizers: { ...schema.normalizers, json: { ...json, config } } }
}
