import { DltError } from '@dlt/schema'

/** The code and the message of the error that a call throws, at once or later. */
export async function failure(run: () => unknown): Promise<readonly [code: string, message: string]> {
  try {
    await run()
  } catch (error) {
    if (DltError.is(error)) return [error.code, error.message]
    throw error
  }
  throw new Error('no error was thrown')
}
