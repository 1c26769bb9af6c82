import { hashSchema, schemaFromJson, schemaFromYaml, schemaToJson, schemaToYaml } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { readRecordedCases } from './fixtures/recorded-case.ts'

const documents = readRecordedCases().flatMap(({ name, observed }) =>
  observed.schema === null ? [] : [{ name, document: observed.schema }],
)

describe('schema documents of Python dlt', () => {
  test.for(documents)('$name: same hash, same text', ({ document }) => {
    const text = JSON.stringify(document)
    const schema = schemaFromJson(text)
    expect(hashSchema(schema)).toBe(document['version_hash'])
    expect(schemaToJson(schema)).toBe(text)
  })

  test('survive YAML', () => {
    for (const { name, document } of documents) {
      const schema = schemaFromYaml(schemaToYaml(schemaFromJson(JSON.stringify(document))))
      expect(schemaToJson(schema), name).toBe(JSON.stringify(document))
    }
  })
})
