import { describe, expect, it } from 'vitest'
import {
  bumpSchema,
  type Schema,
  schemaFromJson,
  schemaToJson,
  type TableSchema,
  updateSchema,
  updateTable,
} from '../../src/index.ts'
import { readJson } from '../../src/json/json-reader.ts'
import { plainJson } from '../../src/json/plain-json.ts'
import { referenceCases } from '../recorded/reference-cases.ts'
import { tableFromJson } from './table-from-json.ts'

function compact(text: string): string {
  return plainJson(readJson(text))
}

function attempt(schema: Schema, table: TableSchema, mergeCompoundProperties: boolean): Schema | undefined {
  try {
    return updateTable(schema, table, { mergeCompoundProperties }).schema
  } catch {
    return undefined
  }
}

describe('sequences of table updates', () => {
  it.each(referenceCases.evolution)('%#', ({ start, steps, document }) => {
    let schema = schemaFromJson(start)
    for (const step of steps) {
      const updated = attempt(schema, tableFromJson(step.table), step.mergeCompoundProperties)
      expect(updated === undefined).toBe(step.hash === undefined)
      schema = bumpSchema(updated ?? schema)
      if (step.hash !== undefined) expect(schema.version_hash).toBe(step.hash)
    }
    expect(schemaToJson(schema)).toBe(compact(document))
  })
})

describe('merging one schema into another', () => {
  it.each(referenceCases.merges)('%#', ({ first, second, document }) => {
    const merged = bumpSchema(updateSchema(schemaFromJson(first), schemaFromJson(second)).schema)
    expect(schemaToJson(merged)).toBe(compact(document))
  })
})
