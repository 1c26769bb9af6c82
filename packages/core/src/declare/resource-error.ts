import { DltError } from '@dlt/schema'
import type { Resource } from './resource.ts'

/**
 * The error of a resource that failed: it names the resource, and how far it had come where its own code failed.
 *
 * @param progress how far it had come, for instance `after 2 items`
 */
export function resourceError(resource: Resource, error: unknown, progress: string): DltError {
  const context = { resource: resource.name }
  if (DltError.is(error)) {
    // A contract's error says which table it is about; whoever catches it looks for its class.
    if (error.context.resource !== undefined || error.code === 'CONTRACT') return error
    return new DltError(`Resource "${resource.name}": ${error.message}`, {
      code: error.code,
      retryable: error.retryable,
      context: { ...error.context, ...context },
      cause: error,
    })
  }
  const reason = error instanceof Error ? describe(error) : 'something that is no Error was thrown'
  return new DltError(
    `Resource "${resource.name}" failed ${progress}: ${endedSentence(reason)} Nothing of this run was stored; run again when the cause is removed.`,
    { code: 'DATA', context, cause: error },
  )
}

function describe({ name, message }: Error): string {
  const text = message.trim()
  return text === '' ? name : `${name}: ${text}`
}

/** A text with a full stop, unless it ends a sentence already. */
function endedSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** So many items, in words. */
export function afterItems(count: number): string {
  return `after ${count} ${count === 1 ? 'item' : 'items'}`
}
