import { mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createSchema, createTable, type Schema, schemaToJson, schemaToYaml, updateTable } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { callerFolder, sourceSchemaFile } from '../../src/schema-files/source-schema-file.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const withTable = (name: string): Schema => {
  const columns = [{ name: 'price', data_type: 'decimal' }] as const
  const extensions = { 'x-normalizer': { 'seen-data': true } }
  return updateTable(createSchema(name), createTable('orders', { columns, extensions })).schema
}

/** A folder with a module that declares a source, as a project has it. */
class Project extends TemporaryDirectory {
  async declare(options = "{ name: 'shop' }"): Promise<ReturnType<typeof source>> {
    mkdirSync(this.in('sources'), { recursive: true })
    const declaration = `export const declare = (source, resource) => source(${options}, () => [resource({ name: 'orders' }, [])])`
    writeFileSync(this.in('sources', 'shop.mjs'), declaration)
    const module = await import(pathToFileURL(this.in('sources', 'shop.mjs')).href)
    return module.declare(source, resource)
  }

  write(file: string, text: string): void {
    mkdirSync(this.in('sources'), { recursive: true })
    writeFileSync(this.in('sources', file), text)
  }
}

describe('a schema file next to the module of a source', () => {
  test.each([
    ['YAML', 'shop.schema.yaml', schemaToYaml],
    ['JSON', 'shop.schema.json', schemaToJson],
  ] as const)('is its schema, without marks of loading: %s', async (_, file, write) => {
    using project = new Project()
    project.write(file, write(withTable('shop')))
    const schema = await (await project.declare())().discoverSchema()
    expect(schema.tables.get('orders')?.columns.get('price')?.data_type).toBe('decimal')
    expect(schema.tables.get('orders')).not.toHaveProperty('x-normalizer')
  })

  test('does not win over a schema that is given', async () => {
    using project = new Project()
    project.write('shop.schema.yaml', 'damaged: [')
    const factory = await project.declare()
    const given = factory.clone({ schema: createSchema('shop') })
    expect((await given().discoverSchema()).tables.get('orders')?.columns.size).toBe(0)
    await expect(factory().discoverSchema()).rejects.toThrow('shop.schema.yaml" cannot be used: ')
  })

  test('belongs to the source of its name', async () => {
    using project = new Project()
    project.write('other.schema.yaml', schemaToYaml(withTable('other')))
    const factory = await project.declare()
    expect((await factory().discoverSchema()).tables.get('orders')?.columns.size).toBe(0)
    const schema = await factory.clone({ name: 'other' })().discoverSchema()
    expect(schema.tables.get('orders')?.columns.has('price')).toBe(true)
    project.write('shop.schema.yaml', schemaToYaml(withTable('other')))
    await expect(factory().discoverSchema()).rejects.toThrow(
      'it holds the schema "other", and is read for "shop". Rename one of them.',
    )
  })
})

test('the folder of the caller is that of the module outside of the package', () => {
  expect(callerFolder()).toBe(import.meta.dirname)
  expect(sourceSchemaFile(import.meta.dirname, 'nobody')).toBeUndefined()
})
