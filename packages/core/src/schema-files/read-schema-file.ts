import {
  DltError,
  locateInSchemaText,
  type Schema,
  schemaFromJson,
  schemaFromYaml,
  type TextPosition,
} from '@dlt/schema'
import { readFileIfPresent } from '../packages/present-files.ts'

/**
 * Reads a schema from a file: JSON where its name ends so, else YAML.
 *
 * @param name what the schema must be called
 * @returns undefined where there is no such file
 * @throws DltError `SCHEMA` naming the file, and where it is known the line and column
 */
export function readSchemaFile(path: string, name: string): Schema | undefined {
  const text = readFileIfPresent(path)
  if (text === undefined) return undefined
  const schema = parse(path, text)
  if (schema.name === name) return schema
  throw schemaFileError(path, `it holds the schema "${schema.name}", and is read for "${name}". Rename one of them.`, {
    context: { schema: name },
  })
}

/** Where and why a schema file cannot be used. */
export interface SchemaFileProblem {
  readonly context?: DltError['context']
  readonly position?: TextPosition | undefined
  readonly cause?: unknown
}

/** The error of a schema file that cannot be used. */
export function schemaFileError(
  path: string,
  what: string,
  { context = {}, position, cause }: SchemaFileProblem = {},
): DltError {
  const place = position === undefined ? '' : `, line ${position.line}, column ${position.column}`
  return new DltError(`The schema file "${path}"${place} cannot be used: ${what}`, {
    code: 'SCHEMA',
    context: { ...context, file: path, ...(position !== undefined && { line: position.line }) },
    cause,
  })
}

function parse(path: string, text: string): Schema {
  try {
    return path.endsWith('.json') ? schemaFromJson(text) : schemaFromYaml(text)
  } catch (cause) {
    if (!DltError.is(cause)) throw cause
    const { path: place } = cause.context
    const position = place === undefined ? undefined : locateInSchemaText(text, place)
    throw schemaFileError(path, uncapitalized(cause.message), { context: cause.context, position, cause })
  }
}

function uncapitalized(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
