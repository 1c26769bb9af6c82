/**
 * Runs once per test run, before all other set-up: the variables of `psql` in the shell (`PGHOST`, `PGPASSWORD`, `PGSSLMODE`, ...) say how
 * the developer's own server is reached. Tests, the programs that they run and what is tested would read them for the servers of the tests.
 */
import { env } from 'node:process'

const variableOfPostgres = /^PG[A-Z_]+$/

export const setup = (): void => {
  for (const name of Object.keys(env).filter((one) => variableOfPostgres.test(one))) delete env[name]
}
