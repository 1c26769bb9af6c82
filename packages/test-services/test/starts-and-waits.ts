/** Starts a server, says where, and waits to be killed. */
import { setTimeout } from 'node:timers/promises'
import { PostgresServer } from '../src/postgres/server.ts'

const server = await PostgresServer.start({ durable: false })
console.log(server.address.logFile)
await setTimeout(60_000)
