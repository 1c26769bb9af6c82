import { DltError } from '@dlt/schema'
import { describeOrigin, type Origin } from './origin.ts'

const mark = Symbol('wrong form')

/** The error for a value that a provider holds in another form than expected. It does not show the value. */
export function wrongForm(origin: Origin, expected: string): DltError {
  const { location } = origin
  const message = `${describeOrigin(origin)} is not ${expected}. Correct it there; the value is not shown, as it may be a secret.`
  return marked(
    new DltError(message, { code: 'CONFIGURATION', context: { ...(location !== undefined && { file: location }) } }),
  )
}

/** The error for a value given in code in another form than expected. It does not show the value. */
export function wrongFormInCode(path: readonly string[], expected: string): DltError {
  return marked(new DltError(`The value given for "${path.join('.')}" is not ${expected}.`, { code: 'CONFIGURATION' }))
}

/** Whether an error says that a value has another form: where several are declared, the next one may fit. */
export function isWrongForm(error: unknown): boolean {
  return typeof error === 'object' && error !== null && mark in error
}

function marked(error: DltError): DltError {
  return Object.defineProperty(error, mark, { value: true })
}
