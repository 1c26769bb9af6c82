/**
 * Runs once per test run, before all other set-up: the variables of `psql` in the shell (`PGHOST`, `PGPASSWORD`, `PGSSLMODE`, ...) say how
 * the developer's own server is reached, and those of configuration (`DESTINATION__POSTGRES__CREDENTIALS`) where his data goes. Tests, the
 * programs that they run and what is tested would read them for the servers of the tests.
 */
import { env } from 'node:process'

const variableOfPostgres = /^PG[A-Z_]+$/

/** Sections of configuration are divided by two underscores. */
const variableOfConfiguration = /^[A-Z][A-Z0-9_]*__[A-Z0-9_]+$/

const isForeign = (name: string): boolean => variableOfPostgres.test(name) || variableOfConfiguration.test(name)

export const setup = (): void => {
  for (const name of Object.keys(env).filter(isForeign)) delete env[name]
}
