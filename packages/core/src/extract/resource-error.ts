import { DltError } from '@dlt/schema'
import type { Resource } from './resource.ts'

/** The error of a resource that failed: it names the resource, and how far it had come where its own code failed. */
export function resourceError(resource: Resource, error: unknown, rowCount: number): DltError {
  const context = { resource: resource.name }
  if (DltError.is(error)) {
    if (error.context.resource !== undefined) return error
    return new DltError(`Resource "${resource.name}": ${error.message}`, {
      code: error.code,
      retryable: error.retryable,
      context: { ...error.context, ...context },
      cause: error,
    })
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no Error was thrown'
  return new DltError(
    `Resource "${resource.name}" failed after ${rowCount} ${rowCount === 1 ? 'item' : 'items'}: ${reason}. Nothing of this run was stored; run again when the cause is removed.`,
    { code: 'DATA', context, cause: error },
  )
}
