import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What becomes of a piece that a client sends: passed on, kept back, or passed on with the answer kept back. The latter two end the connection. */
export type Verdict = 'pass' | 'lose-message' | 'lose-answer'

/** Stands between clients and a server, and cuts connections where a test says so. */
export class CuttingProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #judge: (piece: Buffer) => Verdict = () => 'pass'

  private constructor(port: number) {
    this.#server = createServer((client) => this.#forward(client, connect(port, '127.0.0.1')))
  }

  /** Begins to listen. */
  static async start(port: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(port)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  /** Where it listens. */
  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('The proxy does not listen')
    return address.port
  }

  /** Says what becomes of the pieces that clients send from now on. */
  judge(judge: (piece: Buffer) => Verdict): void {
    this.#judge = judge
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #forward(client: Socket, server: Socket): void {
    let isAnswered = true
    const end = (): void => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', end).on('close', end)
    }
    client.on('data', (piece) => {
      const verdict = this.#judge(piece)
      if (verdict === 'lose-message') {
        end()
        return
      }
      isAnswered = verdict === 'pass'
      server.write(piece)
    })
    server.on('data', (piece) => {
      if (isAnswered) client.write(piece)
      else end()
    })
  }
}
