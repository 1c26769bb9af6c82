import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A Python program that takes a JSON value a line and answers each with one. Calls may overlap: they are answered in turn. */
export class PythonProcess implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  readonly #ended: Promise<void>
  /** The last lines that Python wrote to its error output. */
  #complaints = ''
  #last: Promise<unknown> = Promise.resolve()

  /**
   * @param python the interpreter
   * @param program the file to run
   * @param folder the current directory of the program. Default: this process's
   */
  constructor(python: string, program: string, folder?: string) {
    this.#process = spawn(python, [program], {
      ...(folder !== undefined && { cwd: folder }),
      env: { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1' },
    })
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-4000)
    })
    this.#ended = new Promise((resolve) => this.#process.once('close', () => resolve()))
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  /** What the program answers. */
  async ask<Answer>(question: unknown): Promise<Answer> {
    const answer = this.#last.then(() => this.#answer<Answer>(question))
    // A question that fails is the failure of its caller; the next one is asked all the same.
    this.#last = answer.catch(() => undefined)
    return answer
  }

  /** Lets the program end, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end()
    await this.#ended
  }

  async #answer<Answer>(question: unknown): Promise<Answer> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`)
    const { value, done = false } = await this.#answers.next()
    if (done) throw new Error(`Python ended:\n${this.#complaints}`)
    return JSON.parse(value)
  }
}
