import { DltError, type DltErrorOptions } from '@dlt/schema'

/** What a worker thread answers. Errors cross as data: a copied error would lose its class, code and context. */
export type TaskOutcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly failure: TaskFailure }

/** An error as plain data. */
export interface TaskFailure extends Pick<DltErrorOptions, 'code' | 'retryable' | 'context'> {
  readonly message: string
  readonly stack: string
}

/** Runs a task and packs its result or its error. Errors that are not ours are thrown as they are. */
export async function outcomeOf<Result>(task: () => Promise<Result>): Promise<TaskOutcome<Result>> {
  try {
    return { ok: true, result: await task() }
  } catch (error) {
    if (!DltError.is(error)) throw error
    const { message, code, retryable, context, stack = '' } = error
    return { ok: false, failure: { message, code, retryable, context, stack } }
  }
}

/** The result of a task, or its error as it was. */
export function resultOf<Result>(outcome: TaskOutcome<Result>): Result {
  if (outcome.ok) return outcome.result
  const { message, stack, ...options } = outcome.failure
  const error = new DltError(message, options)
  error.stack = stack
  throw error
}
