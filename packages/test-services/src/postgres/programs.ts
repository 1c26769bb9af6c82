import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { env } from 'node:process'
import { installDebianPackage } from '../debian-package.ts'
import { lastLine, runProgram } from '../run-program.ts'

/** Where the programs are. */
export interface InstalledPostgres {
  /** The folder of the server's programs. */
  readonly folder: string
  /** The client, which may come from another installation: builds of the server alone have none. */
  readonly psql: string
}

/** The programs, or why there are none. */
export type PostgresPrograms = InstalledPostgres | { readonly missing: string }

/** The variable that names the folder of the server that tests start. Default: the installed one. */
const folderVariable = 'DLT_POSTGRES_BIN'

const hasServer = (folder: string): boolean =>
  ['initdb', 'pg_ctl', 'postgres'].every((program) => existsSync(join(folder, program)))

/** Debian keeps each version in a folder of its own. The newest first. */
const debianFolders = (): readonly string[] => {
  const parent = '/usr/lib/postgresql'
  if (!existsSync(parent)) return []
  const versions = readdirSync(parent).sort((left, right) => Number(right) - Number(left))
  return versions.map((version) => join(parent, version, 'bin'))
}

const installedFolders = async (): Promise<readonly string[]> => {
  const configured = await runProgram('pg_config', ['--bindir']).catch(() => '')
  const folders = [configured.trim(), ...debianFolders(), ...(env['PATH'] ?? '').split(delimiter)]
  return folders.filter((folder) => folder !== '')
}

const find = async (chosen: string | undefined): Promise<InstalledPostgres | undefined> => {
  const installed = await installedFolders()
  const folder = chosen ?? installed.find(hasServer)
  if (folder === undefined) return undefined
  const psql = [folder, ...installed].map((place) => join(place, 'psql')).find((place) => existsSync(place))
  return psql === undefined ? undefined : { folder, psql }
}

let programs: Promise<PostgresPrograms> | undefined

/** Finds the server, the one that `DLT_POSTGRES_BIN` names or the installed one, or installs Debian's where this process may. */
export const postgresPrograms = (): Promise<PostgresPrograms> => {
  programs ??= findOrInstall(env[folderVariable])
  return programs
}

const findOrInstall = async (named: string | undefined): Promise<PostgresPrograms> => {
  const chosen = named === undefined ? undefined : resolve(named)
  if (chosen !== undefined && !hasServer(chosen)) {
    return {
      missing: `no Postgres server: "initdb", "pg_ctl" and "postgres" are not in "${chosen}" (${folderVariable})`,
    }
  }
  const found = await find(chosen)
  if (found !== undefined) return found
  try {
    await installDebianPackage('postgresql')
  } catch (error) {
    return { missing: `no Postgres server: ${lastLine(error)}` }
  }
  return (await find(chosen)) ?? { missing: 'no Postgres server: "initdb", "postgres" and "psql" are not installed' }
}
