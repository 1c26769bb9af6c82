import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createSchema, DltError, type Schema, schemaFromJson, schemaFromYaml, schemaToYaml } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import type { PipelineOptions } from '../../src/pipeline/pipeline-options.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

/** A shop whose schemas are files in the folders `import` and `export`. */
class ShopOnFile extends PipelineFixture {
  override pipeline(options: PipelineOptions = {}): Pipeline {
    const paths = { importSchemaPath: this.folder.in('import'), exportSchemaPath: this.folder.in('export') }
    return super.pipeline({ ...paths, ...options })
  }

  path(folder: 'import' | 'export', file = 'shop.schema.yaml'): string {
    return this.folder.in(folder, file)
  }

  text(folder: 'import' | 'export'): string {
    return readFileSync(this.path(folder), 'utf8')
  }

  schema(folder: 'import' | 'export'): Schema {
    return schemaFromYaml(this.text(folder))
  }

  /** Changes the import file as a person with an editor would. */
  edit(change: (text: string) => string): void {
    const text = change(this.text('import'))
    if (text === this.text('import')) throw new Error('Nothing was changed.')
    writeFileSync(this.path('import'), text)
  }
}

/** The table of the import file, with the lines of a column. */
const withColumn = (name: string, ...lines: readonly string[]): string =>
  ['  orders:', '    columns:', `      ${name}:`, ...lines.map((line) => `        ${line}`), ''].join('\n')

const emptyTable = '  orders:\n    columns: {}\n'

describe('schemas as files', () => {
  test('are written where none are, and read when they were edited', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline().run([{ id: 1, price: 2 }], orders)
    expect(shop.schema('import').tables.get('orders')?.columns.size).toBe(0)
    expect(shop.text('import')).not.toContain('x-normalizer')
    expect(shop.schema('export')).toEqual({ ...shop.pipeline().defaultSchema, imported_version_hash: undefined })
    shop.edit((text) => text.replace(emptyTable, withColumn('price', 'description: in cents')))
    const pipeline = shop.pipeline()
    const before = pipeline.defaultSchema
    await pipeline.run([{ id: 2, price: 3, extra: 'x' }], orders)
    const table = pipeline.defaultSchema?.tables.get('orders')
    expect(table?.columns.get('price')).toEqual({ name: 'price', description: 'in cents', data_type: 'bigint' })
    expect([...(table?.columns.keys() ?? [])]).toEqual(['price', 'id', '_dlt_load_id', '_dlt_id', 'extra'])
    expect(pipeline.defaultSchema?.previous_hashes).toContain(before?.version_hash)
    expect(pipeline.defaultSchema?.version).toBeGreaterThan(before?.version ?? 0)
    expect(shop.schema('export').tables.get('orders')?.columns.has('extra')).toBe(true)
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('that nobody edited change nothing: the same data again makes no new version', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.pipeline().run([{ id: 2 }], orders)
    const [imported, exported] = [shop.text('import'), shop.text('export')]
    const hash = shop.pipeline().defaultSchema?.version_hash
    await shop.pipeline().run([{ id: 3 }], orders)
    expect([shop.text('import'), shop.text('export')]).toEqual([imported, exported])
    expect(shop.pipeline().defaultSchema?.version_hash).toBe(hash)
  })

  test('begin a schema that the pipeline does not know yet', async () => {
    using shop = new ShopOnFile()
    mkdirSync(shop.folder.in('import'))
    const columns =
      'tables:\n  orders:\n    columns:\n      price: {data_type: text}\n    x-normalizer: {seen-data: true}\n'
    const settings = 'settings:\n  preferred_types:\n    re:_code$: text\n'
    const [head, tail] = schemaToYaml(createSchema('shop')).split('settings:\n')
    writeFileSync(shop.path('import'), `${head}${columns.replace('tables:\n', '')}${settings}${tail}`)
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 1, price: 2, zip_code: 1234 }], orders)
    const table = pipeline.defaultSchema?.tables.get('orders')
    expect(table?.columns.get('price')?.data_type).toBe('text')
    expect(table?.columns.get('zip_code')?.data_type).toBe('text')
    expect(pipeline.defaultSchema?.imported_version_hash).toBe(shop.schema('import').version_hash)
  })

  test('hold the settings of a source that has no schema of its own', async () => {
    using shop = new ShopOnFile()
    const data = source({ name: 'shop', maxTableNesting: 3 }, () => [resource({ name: 'orders' }, [{ id: 1, tag: 7 }])])
    await shop.pipeline().run(data())
    shop.edit((text) => text.replace('settings:\n', 'settings:\n  preferred_types:\n    label: text\n'))
    const more = source({ name: 'shop', maxTableNesting: 3 }, () => [
      resource({ name: 'orders' }, [{ id: 2, label: 8 }]),
    ])
    const pipeline = shop.pipeline()
    await pipeline.run(more())
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.get('label')?.data_type).toBe('text')
    expect(pipeline.defaultSchema?.normalizers.json.config?.max_nesting).toBe(3)
  })

  test('are read by the extract that uses them, and by no other', async () => {
    using shop = new ShopOnFile()
    const users = resource({ name: 'users', schema: createSchema('crm') }, [{ id: 1 }])
    await shop.pipeline().run([users])
    await shop.pipeline().run([{ id: 1 }], { ...orders, schema: createSchema('shop') })
    writeFileSync(shop.path('import'), 'no: [schema')
    await shop.pipeline().run([users])
    await expect(shop.pipeline().run([{ id: 1 }], { ...orders, schema: createSchema('shop') })).rejects.toThrow(
      'cannot be used',
    )
  })

  test('are left alone by a run that fails', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline().run([{ id: 1 }], orders)
    shop.edit((text) => text.replace(emptyTable, withColumn('id', 'description: edited')))
    const { version_hash: hash } = shop.pipeline().defaultSchema ?? {}
    // biome-ignore lint/correctness/useYield: it fails before it yields anything
    const failing = function* () {
      throw new Error('no data')
    }
    await expect(shop.pipeline().run(failing, orders)).rejects.toThrow('no data')
    expect(shop.pipeline().defaultSchema?.version_hash).toBe(hash)
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.pipeline().defaultSchema?.tables.get('orders')?.columns.get('id')?.description).toBe('edited')
  })

  test('can be JSON, with names', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline({ externalSchemaFormat: 'json' }).run([{ id: 1 }], orders)
    expect(readdirSync(shop.folder.in('import'))).toEqual(['shop.schema.json'])
    const exported = schemaFromJson(readFileSync(shop.path('export', 'shop.schema.json'), 'utf8'))
    expect(exported.tables.get('orders')?.columns.get('id')).toEqual({
      name: 'id',
      data_type: 'bigint',
      nullable: true,
    })
  })

  test.each(['mermaid', 'dbml'] as const)('can be exported as %s, and not imported', async (format) => {
    using shop = new PipelineFixture()
    const exportSchemaPath = shop.folder.in('export')
    await shop.pipeline({ exportSchemaPath, externalSchemaFormat: format }).run([{ id: 1 }], orders)
    expect(readFileSync(shop.folder.in('export', `shop.schema.${format}`), 'utf8')).toContain('orders')
    expect(() => shop.pipeline({ importSchemaPath: exportSchemaPath, externalSchemaFormat: format })).toThrow(
      new DltError(
        `Schemas cannot be imported as "${format}". Set the external schema format to "yaml" or "json", or take importSchemaPath away.`,
        { code: 'CONFIGURATION' },
      ),
    )
  })

  test('are written again where an export is missing', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline({ exportSchemaPath: shop.folder.in('elsewhere') }).run([{ id: 1 }], orders)
    expect(existsSync(shop.path('export'))).toBe(false)
    await shop.pipeline().syncDestination()
    expect(shop.schema('export').tables.has('orders')).toBe(true)
  })
})

describe('one folder for reading and writing', () => {
  const same = (shop: ShopOnFile) => ({ exportSchemaPath: shop.folder.in('import') })

  test('has the whole schema, without marks, and edits win', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline(same(shop)).run([{ id: 1 }], orders)
    expect(shop.text('import')).toContain('_dlt_load_id')
    expect(shop.text('import')).not.toContain('x-normalizer')
    const { version_hash: hash } = shop.pipeline(same(shop)).defaultSchema ?? {}
    await shop.pipeline(same(shop)).run([{ id: 2 }], orders)
    expect(shop.pipeline(same(shop)).defaultSchema?.version_hash).toBe(hash)
    shop.edit((text) => text.replace('      id:\n', '      id:\n        description: edited\n'))
    await shop.pipeline(same(shop)).run([{ id: 3, more: true }], orders)
    const columns = shop.schema('import').tables.get('orders')?.columns
    expect([columns?.get('id')?.description, columns?.has('more')]).toEqual(['edited', true])
  })

  test('does not lose an edit to packages that wait: they are finished first, then it is read', async () => {
    using shop = new ShopOnFile()
    await shop.pipeline(same(shop)).run([{ id: 1 }], orders)
    await shop.pipeline(same(shop)).extract([{ id: 2, waiting: true }], orders)
    shop.edit((text) => text.replace('      id:\n', '      id:\n        description: edited\n'))
    await shop.pipeline(same(shop)).normalize()
    expect(shop.text('import')).toContain('description: edited')
    await shop.pipeline(same(shop)).run([{ id: 3 }], orders)
    const columns = shop.schema('import').tables.get('orders')?.columns
    expect([columns?.get('id')?.description, columns?.has('waiting')]).toEqual(['edited', true])
  })
})

describe('a schema file that cannot be used', () => {
  /** A shop that has loaded something, and whose import file was changed since. */
  async function refused(change: (text: string) => string): Promise<readonly [string, DltError['context']]> {
    using shop = new ShopOnFile()
    await shop.pipeline().run([{ id: 1, price: 2.5 }], orders)
    shop.edit(change)
    try {
      await shop.pipeline().run([{ id: 2 }], orders)
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined
      if (!DltError.is(cause)) throw error
      expect(shop.ids('orders')).toEqual([1])
      return [cause.message.replace(shop.folder.path, ''), cause.context]
    }
    throw new Error('It was used.')
  }

  test('is damaged', async () => {
    const [message, context] = await refused((text) => text.replace('settings:', 'settings: ]'))
    expect(message).toMatch(
      /^The schema file "\/import\/shop\.schema\.yaml" cannot be used: the schema document is not valid YAML at line \d+, column \d+: [A-Z_]+\. Correct the text there\.$/,
    )
    expect(context.line).toBeGreaterThan(1)
  })

  test('has a key that nobody knows: its line and column are named', async () => {
    const [message, context] = await refused((text) =>
      text.replace(emptyTable, withColumn('price', 'data_type: double', 'colour: red')),
    )
    expect(message).toBe(
      `The schema file "/import/shop.schema.yaml", line ${context.line}, column 9 cannot be used: the schema document is not valid at "/tables/orders/columns/price/colour": this key is unknown. Correct it there.`,
    )
  })

  test('comes from a newer version', async () => {
    const [message] = await refused((text) => text.replace('engine_version: 11', 'engine_version: 12'))
    expect(message).toBe(
      'The schema file "/import/shop.schema.yaml" cannot be used: schema "shop" has engine version 12, and this version of dlt reads 1 to 11. Install a newer version of dlt.',
    )
  })

  test('is that of another schema', async () => {
    const [message] = await refused((text) => text.replace('\nname: shop\n', '\nname: store\n'))
    expect(message).toBe(
      'The schema file "/import/shop.schema.yaml" cannot be used: it holds the schema "store", and is read for "shop". Rename one of them.',
    )
  })

  test('contradicts what was loaded: a type, the naming convention', async () => {
    const [type, context] = await refused((text) => text.replace(emptyTable, withColumn('price', 'data_type: text')))
    expect(type).toBe(
      'The schema file "/import/shop.schema.yaml" cannot be used: it declares column "price" of table "orders" as "text", but the column has data as "double". Put the type back, give the column another name, or load into another dataset.',
    )
    expect(context).toMatchObject({ schema: 'shop', table: 'orders', column: 'price' })
    const [names] = await refused((text) => text.replace('names: snake_case', 'names: direct'))
    expect(names).toBe(
      'The schema file "/import/shop.schema.yaml" cannot be used: it names tables and columns by "direct", but data of schema "shop" was loaded with names by "snake_case". Put "snake_case" back, or load into another dataset.',
    )
  })
})
