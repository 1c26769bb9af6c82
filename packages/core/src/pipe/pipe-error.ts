import { DltError } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import { resourceError } from '../declare/resource-error.ts'
import { withoutSecrets } from '../runtime/known-secrets.ts'
import type { PipeFlow } from './pipe-flow.ts'

/** Makes the error that is thrown of what was thrown. */
export interface PipeErrors {
  /** Of what the data of a resource threw. */
  ofData(resource: Resource, error: unknown, flow: PipeFlow): unknown
  /** Of what a step, or the function of a transformer, threw at an item. */
  ofStep(resource: Resource, error: unknown, step: string, place: string): unknown
}

/** Errors that name the resource, its step and how far it had come. What is named already stays as it is. */
export const namedErrors: PipeErrors = {
  ofData: (resource, error, flow) => placed(resourceError(resource, error, `after ${flow.amount}`)),
  ofStep: (resource, error, step, place) => {
    if (!DltError.is(error)) return placed(resourceError(resource, error, `in ${step} at ${place}`))
    if (error.code === 'CONTRACT') return placed(error)
    return placedErrors.has(error) || isOfAnother(resource, error)
      ? error
      : placed(atPlace(resource, error, step, place))
  },
}

// A name that is a secret, too, stands in the error without it.
function isOfAnother({ name }: Resource, { context: { resource: named = name } }: DltError): boolean {
  return named !== name && named !== withoutSecrets(name)
}

// An error passes through all steps before the one that failed, and through the data: only the first says where it was.
const placedErrors = new WeakSet<DltError>()

function placed(error: DltError): DltError {
  placedErrors.add(error)
  return error
}

function atPlace({ name }: Resource, error: DltError, step: string, place: string): DltError {
  const subject = withoutSecrets(`Resource "${name}"`)
  const message = error.message.startsWith(`${subject}: `) ? error.message.slice(subject.length + 2) : error.message
  return new DltError(`${subject}, ${step}, ${place}: ${message}`, {
    code: error.code,
    retryable: error.retryable,
    context: { ...error.context, resource: name },
    cause: error,
  })
}

/** Errors as they were thrown: for code that iterates a resource itself. */
export const plainErrors: PipeErrors = {
  ofData: (_resource, error) => error,
  ofStep: (_resource, error) => error,
}
