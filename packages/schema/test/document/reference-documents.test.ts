import { describe, expect, it } from 'vitest'
import { bumpSchema, hashSchema, schemaFromJson, schemaFromYaml, schemaToJson, schemaToYaml } from '../../src/index.ts'
import { readJson } from '../../src/json/json-reader.ts'
import { plainJson } from '../../src/json/plain-json.ts'
import { readYaml } from '../../src/yaml/yaml-reader.ts'
import { writeYaml } from '../../src/yaml/yaml-writer.ts'
import { referenceCases } from '../recorded/reference-cases.ts'

/** The text of a document with the spaces that a JSON library put into it removed. */
function compact(text: string): string {
  return plainJson(readJson(text))
}

describe('documents of older engine versions', () => {
  it.each(referenceCases.migrations)('engine $engine', ({ engine, document, migrated }) => {
    const schema = schemaFromJson(document)
    if (engine > 3) return expect(schemaToJson(schema)).toBe(compact(migrated))
    // Up to engine 3 the order of top-level keys is that of the old document; here it is always the same.
    expect(JSON.parse(schemaToJson(schema))).toEqual(JSON.parse(migrated))
    expect(hashSchema(schema)).toBe(JSON.parse(migrated).version_hash)
  })
})

describe('exported documents', () => {
  it.each(referenceCases.exports)('%#', ({ document, yaml, json }) => {
    const schema = schemaFromJson(document)
    const options = { removeDefaults: true, removeProcessingHints: true }
    expect(schemaToYaml(schema, options)).toBe(yaml)
    expect(schemaToJson(schema, { ...options, pretty: true })).toBe(json)
    expect(schemaToJson(schema)).toBe(compact(document))
    expect(schemaToYaml(schemaFromYaml(yaml), options)).toBe(schemaToYaml(bumpSchema(schemaFromJson(json)), options))
  })
})

describe('YAML', () => {
  it.each(referenceCases.yaml)('%#', ({ value, yaml }) => {
    const read = readJson(value)
    if (!(read instanceof Map)) throw new Error('a recorded value is no object')
    expect(writeYaml(read)).toBe(yaml)
    expect(plainJson(readYaml(yaml))).toBe(plainJson(read))
  })
})
