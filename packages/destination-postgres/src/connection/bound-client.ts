import { Client, type ClientConfig } from 'pg'

/** What a connection is refused with whose server does not bind its proof to its certificate. */
export const unboundMessage = 'The server does not bind the connection to its certificate'

const bindingMechanism = 'SCRAM-SHA-256-PLUS'

/**
 * A client that logs in only where both sides prove that they know the password and see the same certificate. The driver can do so, and
 * also takes less when the server, or who stands between, offers no more.
 */
export class BoundClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config)
    const { connection } = this
    const refuse = (): void => {
      // It may have come together with the message that is refused, and would count as a login.
      connection.removeAllListeners('readyForQuery')
      connection.emit('error', new Error(unboundMessage))
      connection.stream.destroy()
    }
    let isBound = false
    // Before the driver's own listeners, which send passwords.
    connection.prependListener('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
      if (!mechanisms.includes(bindingMechanism)) refuse()
    })
    connection.prependListener('authenticationCleartextPassword', refuse)
    connection.prependListener('authenticationMD5Password', refuse)
    // The driver compares the server's proof, and ends the connection where it is wrong.
    connection.prependListener('authenticationSASLFinal', () => {
      isBound = true
    })
    connection.prependListener('authenticationOk', () => {
      if (!isBound) refuse()
    })
  }
}
