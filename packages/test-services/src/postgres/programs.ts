import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import { installDebianPackage } from '../debian-package.ts'
import { lastLine, runProgram } from '../run-program.ts'

/** The folder of the server's programs, or why there is none. */
export type PostgresPrograms = { readonly folder: string } | { readonly missing: string }

const isWhole = (folder: string): boolean =>
  ['initdb', 'pg_ctl', 'postgres', 'psql'].every((program) => existsSync(join(folder, program)))

/** Debian keeps each version in a folder of its own. The newest first. */
const debianFolders = (): readonly string[] => {
  const parent = '/usr/lib/postgresql'
  if (!existsSync(parent)) return []
  const versions = readdirSync(parent).sort((left, right) => Number(right) - Number(left))
  return versions.map((version) => join(parent, version, 'bin'))
}

const find = async (): Promise<string | undefined> => {
  const configured = await runProgram('pg_config', ['--bindir']).catch(() => '')
  const searched = [configured.trim(), ...debianFolders(), ...(env['PATH'] ?? '').split(delimiter)]
  return searched.find((folder) => folder !== '' && isWhole(folder))
}

let programs: Promise<PostgresPrograms> | undefined

/** Finds the installed server, or installs Debian's where this process may. */
export const postgresPrograms = (): Promise<PostgresPrograms> => {
  programs ??= findOrInstall()
  return programs
}

const findOrInstall = async (): Promise<PostgresPrograms> => {
  const found = await find()
  if (found !== undefined) return { folder: found }
  try {
    await installDebianPackage('postgresql')
  } catch (error) {
    return { missing: `no Postgres server: ${lastLine(error)}` }
  }
  const folder = await find()
  return folder === undefined
    ? { missing: 'no Postgres server: "initdb" and "postgres" are not installed' }
    : { folder }
}
