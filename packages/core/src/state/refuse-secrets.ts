import { DltError } from '@dlt/schema'
import { holdsSecret } from '../runtime/known-secrets.ts'

/**
 * Refuses a state with a secret of the configuration in it: it would be stored in plain text, here and at the destination.
 *
 * @param value of plain objects and lists, as it is stored
 * @throws DltError `STATE` with the path of the first text that holds a secret
 */
export function refuseSecrets(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (holdsSecret(value)) throw secretInState(path)
    return
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  for (const [key, child] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`
    if (holdsSecret(key)) throw secretInState(inner)
    refuseSecrets(child, inner)
  }
}

function secretInState(path: string): DltError {
  return new DltError(
    `The state at "${path}" holds a secret of the configuration. The state is stored in plain text, also at the destination: leave the secret out, or remove it with "delete", and take it from the configuration in each run.`,
    { code: 'STATE', context: { path } },
  )
}
