import { createSchema, schemaFromJson, schemaToJson, type TableSchema } from '../../src/index.ts'

/** A table from its JSON text, read as part of a schema; parents are not looked for. */
export function tableFromJson(text: string): TableSchema {
  const empty = schemaToJson(createSchema('holder', { naming: 'direct' }))
  const { name, parent } = JSON.parse(text)
  const parentless = parent === undefined ? text : text.replace(`"parent": "${parent}"`, '"parent": "_dlt_loads"')
  const schema = schemaFromJson(empty.replace('"tables":{', () => `"tables":{${JSON.stringify(name)}:${parentless},`))
  const table = schema.tables.get(name)
  if (table === undefined) throw new Error('the text is no table')
  return parent === undefined ? table : { ...table, parent }
}
