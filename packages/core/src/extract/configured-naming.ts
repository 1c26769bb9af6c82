import { createSchema, DltError, isDltTable, namingConvention, type Schema } from '@dlt/schema'

/** Where a configured naming convention is to hold. */
export interface NamingPlace {
  /** The pipeline's schema of that name; undefined where there is none. */
  readonly known: Schema | undefined
  readonly pipelineName: string
}

/**
 * A schema with the naming convention that the configuration asks for. One that brings tables, or a convention that somebody chose, keeps its own.
 *
 * @param reference the configured convention; undefined where there is none
 * @throws DltError `CONFIGURATION` for a convention that there is not, and where the pipeline has the schema with another one: names of tables and
 *   columns that have data would change
 */
export function withConfiguredNaming(
  given: Schema,
  reference: string | undefined,
  { known, pipelineName }: NamingPlace,
): Schema {
  if (reference === undefined) return given
  const { name } = namingConvention(reference)
  if (known !== undefined && conventionOf(known) !== name) throw otherConvention(known, name, pipelineName)
  const bringsTables = [...given.tables.keys()].some((table) => !isDltTable(table))
  const { normalizers, settings, tables } = createSchema(given.name, { naming: name })
  if (bringsTables || conventionOf(given) !== conventionOf(createSchema(given.name))) return given
  return {
    ...given,
    tables,
    settings: { ...given.settings, ...settings },
    normalizers: { ...normalizers, json: given.normalizers.json },
  }
}

const conventionOf = ({ normalizers }: Schema): string => namingConvention(normalizers.names).name

function otherConvention(schema: Schema, wanted: string, pipelineName: string): DltError {
  const found = conventionOf(schema)
  return new DltError(
    `Schema "${schema.name}" of pipeline "${pipelineName}" has the naming convention "${found}", and the configuration asks for "${wanted}". Tables keep their names: set schema.naming to "${found}", or load with another pipeline into another dataset.`,
    { code: 'CONFIGURATION', context: { pipeline: pipelineName, schema: schema.name } },
  )
}
