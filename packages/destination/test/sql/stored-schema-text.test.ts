import { inflateSync } from 'node:zlib'
import { createSchema, schemaFromJson, schemaToJson } from '@dlt/schema'
import { expect, it } from 'vitest'
import { storedSchemaText } from '../../src/sql/schema-update.ts'

const schema = createSchema('event')
const json = schemaToJson(schema)

it('is plain JSON, compact', () => {
  expect(storedSchemaText(schema, Buffer.byteLength(json))).toBe(json)
  expect(json).not.toMatch(/[\n] |": /)
  expect(schemaFromJson(json)).toEqual(schema)
})

it('is compressed where the texts of the destination are too short', () => {
  const text = storedSchemaText(schema, Buffer.byteLength(json) - 1)
  expect(inflateSync(Buffer.from(text, 'base64')).toString()).toBe(json)
})
