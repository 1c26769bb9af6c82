import { DltError } from '@dlt/schema'

/** An error in the credentials. Its text never shows them. */
export const refuseCredentials = (message: string): DltError =>
  new DltError(message, { code: 'CONFIGURATION', context: { destination: 'postgres' } })
