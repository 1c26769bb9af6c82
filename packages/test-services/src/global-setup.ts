/**
 * Runs once per test run, in its main process, and hands out the services that the files share. Nothing is started before somebody asks,
 * so that a run of a few files costs nothing.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { PostgresServer } from './postgres/server.ts'
import { type SharedPostgres, servicesVariable } from './shared-services.ts'

const startPostgres = (): Promise<PostgresServer | string> =>
  PostgresServer.start({ durable: false }).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  )

export const setup = async (): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-services-'))
  let postgres: Promise<PostgresServer | string> | undefined
  const answer = async (): Promise<SharedPostgres> => {
    postgres ??= startPostgres()
    const server = await postgres
    return typeof server === 'string' ? { missing: server } : { address: server.address }
  }
  const door = createServer((connection) => {
    void answer().then((shared) => connection.end(JSON.stringify(shared)))
  }).listen(join(folder, 'socket'))
  await once(door, 'listening')
  env[servicesVariable] = join(folder, 'socket')
  return async () => {
    door.close()
    const server = await postgres
    if (server instanceof PostgresServer) await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
}
