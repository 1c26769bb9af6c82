import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { spellKyselyName } from '@dlt/destination/sql'
import { DltError, type Schema } from '@dlt/schema'
import { databaseTypes } from './database-types.ts'

/**
 * Writes the types of the tables of some schemas. Whoever reads the file finds the old content or the new one, also after a crash; one
 * that has the content already is left alone, so that nothing is compiled again.
 * @throws DltError CONFIGURATION where the file cannot be written
 */
export async function writeDatabaseTypes(path: string, schemas: readonly Schema[]): Promise<void> {
  const content = databaseTypes(schemas, spellKyselyName)
  const target = resolve(path)
  try {
    if ((await currentContent(target)) !== content) await replaceFile(target, content)
  } catch (cause) {
    throw new DltError(
      `The types cannot be written to "${target}": ${cause instanceof Error ? cause.message : String(cause)}. Give a path in a folder that exists and can be written.`,
      { code: 'CONFIGURATION', context: { file: target }, cause },
    )
  }
}

async function currentContent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function replaceFile(path: string, content: string): Promise<void> {
  const written = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const handle = await open(written, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(written, path)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
}
