import { setTimeout } from 'node:timers/promises'
import { readSetting, trySettings } from './database-settings.ts'
import type { BorrowedInstance } from './file-instances.ts'

/** A statement that begins while its database has settings of its own. */
export interface BeginningStatement<Result> {
  readonly settings: Readonly<Record<string, string>>
  /** Milliseconds after which settings are as before: then the statement has begun, and they do not count for it any more. */
  readonly beginning: number
  run(): Promise<Result>
}

/**
 * Runs a statement that begins while its database has other settings; a moment later they are as before. Without them it runs while somebody
 * else uses the file, and where settings cannot be changed: what only makes it faster is no reason for it to fail.
 * @throws what `run` throws
 */
export async function runBeginningWith<Result>(
  borrowed: BorrowedInstance,
  { settings, beginning, run }: BeginningStatement<Result>,
): Promise<Result> {
  let running: Promise<Result> | undefined
  const begin = async (): Promise<void> => {
    running = run()
    // Its error is thrown below, and must not be taken for unhandled until then.
    await Promise.race([running.catch(() => undefined), setTimeout(beginning)])
  }
  await borrowed.whileAlone(() => withSettings(borrowed, settings, begin)).catch(() => undefined)
  return running === undefined ? run() : running
}

/** Runs something while settings have other values. Does nothing where that cannot be had. */
async function withSettings(
  borrowed: BorrowedInstance,
  settings: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<void> {
  // Not on the connection of the statement: it is in a transaction.
  const connection = await borrowed.connect()
  try {
    const before: Record<string, string> = {}
    for (const name of Object.keys(settings)) before[name] = await readSetting(connection, name)
    // Where settings cannot be set to what they are (they are locked), they must not be changed either.
    if (!(await trySettings(connection, before))) return
    if (await trySettings(connection, settings)) await run()
    await trySettings(connection, before)
  } finally {
    connection.closeSync()
  }
}
