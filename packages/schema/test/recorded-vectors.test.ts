import { describe, expect, it } from 'vitest'
import {
  bumpSchema,
  digest128,
  FloatNumber,
  hashSchema,
  namingConvention,
  nestedRowId,
  plainJson,
  readJson,
  readJsonWith,
  rowHash,
  schemaFromJson,
  schemaToJson,
} from '../src/index.ts'
import { vectors, vectorsText } from './recorded/recorded-vectors.ts'

function readNumber(text: string): bigint | FloatNumber {
  return /[.eE]/.test(text) ? new FloatNumber(Number(text)) : BigInt(text)
}

const blank = vectors.naming.filter((vector) => vector.in.trim() === '')
const named = vectors.naming.filter((vector) => vector.in.trim() !== '')

describe('recorded values of the reference system', () => {
  it.each(named)('names $in', (vector) => {
    const snake = namingConvention('snake_case')
    expect(snake.normalizeIdentifier(vector.in)).toBe(vector.snake_case)
    expect(snake.normalizePath(vector.in)).toBe(vector.snake_path)
    for (const name of ['sql_cs_v1', 'sql_ci_v1', 'direct'] as const) {
      expect(namingConvention(name).normalizeIdentifier(vector.in)).toBe(vector[name])
    }
  })

  it.each(blank)('refuses the name "$in"', (vector) => {
    for (const name of ['snake_case', 'sql_cs_v1', 'sql_ci_v1', 'direct']) {
      expect(() => namingConvention(name).normalizeIdentifier(vector.in)).toThrow('empty or white space')
    }
    expect(namingConvention('snake_case').normalizePath(vector.in)).toBe(vector.snake_path)
  })

  it.each(vectors.shorten)('shortens $in to $max', (vector) => {
    expect(namingConvention('snake_case', vector.max).normalizeIdentifier(vector.in)).toBe(vector.out)
  })

  it.each(vectors.shorten_fragments)('shortens fragments $in to $max', (vector) => {
    expect(namingConvention('snake_case', vector.max).shortenFragments(...vector.in)).toBe(vector.out)
  })

  it.each(vectors.row_hash)('hashes the row $row_json', (vector) => {
    const row = readJsonWith(vector.row_json, readNumber)
    expect(plainJson(row, { sortKeys: true })).toBe(vector.sorted_json)
    expect(rowHash(Object.fromEntries(row instanceof Map ? row : []))).toBe(vector.hash)
  })

  it('hashes a row of typed values', () => {
    const row = readJson(vectors.row_hash_typed.as_read_from_extracted)
    expect(digest128(plainJson(row, { sortKeys: true }), 10)).toBe(vectors.row_hash_typed.hash)
  })

  it.each(vectors.incremental_hash)('hashes the value $value of an incremental', (vector) => {
    const json = vector.hashed_json ?? vector.value
    expect(plainJson(readJsonWith(json, readNumber), { sortKeys: true })).toBe(json)
    expect(digest128(json, 9)).toBe(vector.hash)
    const legacy = vector.legacy_hashed_json ?? json
    if (vector.legacy_hash !== undefined) expect(digest128(legacy)).toBe(vector.legacy_hash)
  })

  it.each(vectors.nested_hash)('makes the id of row $idx of $table', (vector) => {
    expect(nestedRowId(vector.parent, vector.table, vector.idx)).toBe(vector.hash)
  })

  it.each(['schema_docs', 'schema_docs_1_26'])('reads, hashes and writes %s byte for byte', (key) => {
    const all = readJson(vectorsText)
    const documents = all instanceof Map ? all.get(key) : undefined
    if (!Array.isArray(documents)) throw new Error(`no recorded ${key}`)
    expect(documents.length).toBe(7)
    for (const document of documents) {
      const text = plainJson(document)
      const schema = schemaFromJson(text)
      expect(schema.version_hash).toBe(document.get('version_hash'))
      expect(hashSchema(schema)).toBe(schema.version_hash)
      expect(bumpSchema(schema)).toBe(schema)
      expect(schemaToJson(schema)).toBe(text)
    }
  })
})
