import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  DltError,
  hashSchema,
  importSchema,
  isFileChanged,
  newSchemaFromFile,
  type Schema,
  withoutProcessingHints,
} from '@dlt/schema'
import { makeDirectory, replaceFile } from '../packages/durable-files.ts'
import { readFileIfPresent } from '../packages/present-files.ts'
import type { Logger } from '../runtime/logger.ts'
import { type ExternalSchemaFormat, schemaFileName, schemaFileText } from './external-schema-format.ts'
import { readSchemaFile, schemaFileError } from './read-schema-file.ts'

/** Where the schema files of a pipeline are, and what they look like. */
export interface SchemaFileOptions {
  readonly importSchemaPath?: string
  readonly exportSchemaPath?: string
  /** Default: `yaml`. */
  readonly externalSchemaFormat?: ExternalSchemaFormat
  /** Whether names of tables and columns are left out where their key says them. Default: true. */
  readonly removesSchemaDefaults?: boolean
}

/**
 * The schemas of a pipeline as files that people edit and read. They are written each as a whole; a crash leaves the file of the
 * step before, which the next change replaces.
 */
export class SchemaFiles {
  readonly #importPath: string | undefined
  readonly #exportPath: string | undefined
  readonly #format: ExternalSchemaFormat
  readonly #removeDefaults: boolean
  readonly #logger: Logger
  readonly #options: SchemaFileOptions
  readonly #isReadOnly: boolean

  /** @throws DltError `CONFIGURATION` for an import of a form that can only be written */
  constructor(options: SchemaFileOptions, logger: Logger, isReadOnly = false) {
    this.#options = options
    this.#isReadOnly = isReadOnly
    const { importSchemaPath, exportSchemaPath, externalSchemaFormat = 'yaml' } = options
    if (importSchemaPath !== undefined && externalSchemaFormat !== 'yaml' && externalSchemaFormat !== 'json') {
      throw new DltError(
        `Schemas cannot be imported as "${externalSchemaFormat}". Set the external schema format to "yaml" or "json", or take importSchemaPath away.`,
        { code: 'CONFIGURATION' },
      )
    }
    this.#importPath = importSchemaPath === undefined ? undefined : resolve(importSchemaPath)
    this.#exportPath = exportSchemaPath === undefined ? undefined : resolve(exportSchemaPath)
    this.#format = externalSchemaFormat
    this.#removeDefaults = options.removesSchemaDefaults ?? true
    this.#logger = logger
  }

  /** The same files for somebody who may read them, and writes none. */
  readOnly(): SchemaFiles {
    return new SchemaFiles(this.#options, this.#logger, true)
  }

  /**
   * A schema as its import file says: the file's content where it was changed since it was read last, else what is known.
   *
   * @returns undefined where there is no file
   * @throws DltError `SCHEMA` for a file that is damaged, from a newer version, or contradicts what was loaded
   */
  imported(name: string, known: Schema | undefined): Schema | undefined {
    const path = this.#pathIn(this.#importPath, name)
    const given = path === undefined ? undefined : readSchemaFile(path, name)
    if (path === undefined || given === undefined) return undefined
    if (known === undefined) return this.#noted(path, newSchemaFromFile(given))
    if (!isFileChanged(known, given)) return known
    try {
      return this.#noted(path, importSchema(known, given))
    } catch (cause) {
      if (!DltError.is(cause)) throw cause
      throw schemaFileError(path, cause.message, { context: cause.context, cause })
    }
  }

  /** A schema that is about to be committed, linked to the file that is written after that where there is none yet. */
  linked(schema: Schema): Schema {
    const path = this.#pathIn(this.#importPath, schema.name)
    if (path === undefined || existsSync(path)) return schema
    return { ...schema, imported_version_hash: hashSchema(withoutProcessingHints(schema)) }
  }

  /** Writes the import files of schemas that have none, without what only this dataset knows. */
  async writeMissingImports(schemas: Iterable<Schema>): Promise<void> {
    for (const schema of schemas) {
      const path = this.#pathIn(this.#importPath, schema.name)
      if (path !== undefined && !existsSync(path)) await this.#write(path, schema, true)
    }
  }

  /** Writes the schemas that have no export file. */
  async exportMissing(schemas: Iterable<Schema>): Promise<void> {
    for (const schema of schemas) {
      const path = this.#pathIn(this.#exportPath, schema.name)
      if (path !== undefined && !existsSync(path)) await this.#write(path, schema, this.#isShared)
    }
  }

  /** Writes the schemas that changed. A file that is also imported stays where somebody changed it: it is read first. */
  async exportChanged(schemas: ReadonlyMap<string, Schema>, before: ReadonlyMap<string, Schema>): Promise<void> {
    for (const schema of schemas.values()) {
      const path = this.#pathIn(this.#exportPath, schema.name)
      if (path === undefined || schema === before.get(schema.name)) continue
      if (this.#isShared && isEdited(path, schema, before.get(schema.name))) continue
      await this.#write(path, schema, this.#isShared)
    }
  }

  /** Whether files are written where they are read. */
  get #isShared(): boolean {
    return this.#exportPath === this.#importPath
  }

  #pathIn(folder: string | undefined, name: string): string | undefined {
    return folder === undefined ? undefined : join(folder, schemaFileName(name, this.#format))
  }

  async #write(path: string, schema: Schema, removeProcessingHints: boolean): Promise<void> {
    if (this.#isReadOnly) return
    const how = { removeDefaults: this.#removeDefaults, removeProcessingHints }
    const text = schemaFileText(schema, this.#format, how)
    if (text === readFileIfPresent(path)) return
    await makeDirectory('schema-file.write', join(path, '..'))
    await replaceFile('schema-file.write', path, text)
  }

  #noted(path: string, schema: Schema): Schema {
    this.#logger.info(`Schema "${schema.name}" was imported from "${path}", as version ${schema.version}.`)
    return schema
  }
}

function isEdited(path: string, ...known: readonly (Schema | undefined)[]): boolean {
  try {
    const name = known.find((schema) => schema !== undefined)?.name ?? ''
    const given = readSchemaFile(path, name)
    return given !== undefined && known.every((schema) => schema === undefined || isFileChanged(schema, given))
  } catch {
    // Somebody is at it: the next extract reads it, and says what is wrong.
    return true
  }
}
