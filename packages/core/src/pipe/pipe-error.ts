import { DltError } from '@dlt/schema'
import { withoutSecrets } from '../configuration/known-secrets.ts'
import type { Resource } from '../extract/resource.ts'
import { resourceError } from '../extract/resource-error.ts'
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
  ofData: (resource, error, flow) => resourceError(resource, error, `after ${flow.amount}`),
  ofStep: (resource, error, step, place) => {
    if (!DltError.is(error)) return resourceError(resource, error, `in ${step} at ${place}`)
    if (error.context.resource !== undefined) return error
    return new DltError(withoutSecrets(`Resource "${resource.name}", ${step}, ${place}: ${error.message}`), {
      code: error.code,
      retryable: error.retryable,
      context: { ...error.context, resource: resource.name },
      cause: error,
    })
  },
}

/** Errors as they were thrown: for code that iterates a resource itself. */
export const plainErrors: PipeErrors = {
  ofData: (_resource, error) => error,
  ofStep: (_resource, error) => error,
}
