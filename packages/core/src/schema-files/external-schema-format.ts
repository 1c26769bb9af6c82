import { type Schema, schemaToDbml, schemaToJson, schemaToMermaid, schemaToYaml } from '@dlt/schema'

/** Forms of schema files. `mermaid` and `dbml` are diagrams: they can be written, and not read. */
export type ExternalSchemaFormat = 'yaml' | 'json' | 'mermaid' | 'dbml'

/** How the text of a schema file is written. */
export interface SchemaFileText {
  readonly removeDefaults: boolean
  readonly removeProcessingHints: boolean
}

type Writer = (schema: Schema, how: SchemaFileText) => string

const writers: { readonly [format in ExternalSchemaFormat]: Writer } = {
  yaml: (schema, how) => schemaToYaml(schema, how),
  json: (schema, how) => schemaToJson(schema, { ...how, pretty: true }),
  mermaid: (schema) => schemaToMermaid(schema),
  dbml: (schema) => schemaToDbml(schema),
}

/** The text of a schema file. */
export function schemaFileText(schema: Schema, format: ExternalSchemaFormat, how: SchemaFileText): string {
  return writers[format](schema, how)
}

/** Name of the file of a schema in a folder of schema files. */
export function schemaFileName(schemaName: string, format: ExternalSchemaFormat): string {
  return `${schemaName}.schema.${format}`
}
