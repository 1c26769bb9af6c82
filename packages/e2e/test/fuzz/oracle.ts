import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type FixtureCase, fixturesFolder, type Observed } from '../fixtures/recorded-case.ts'

/** Python dlt in a process of its own, which answers cases one after another. */
export class Oracle implements Disposable {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  /** The last lines that Python wrote to its error output. */
  #complaints = ''

  /** @param python an interpreter that has `dlt[duckdb]==1.31.0` */
  constructor(python: string) {
    this.#process = spawn(python, [join(fixturesFolder, 'fuzz', 'oracle.py')], {
      env: { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1' },
    })
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-4000)
    })
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  /** What Python dlt makes of a case. Calls must not overlap. */
  async observe(fixture: FixtureCase): Promise<Observed> {
    this.#process.stdin.write(`${JSON.stringify(fixture)}\n`)
    const { value, done = false } = await this.#answers.next()
    if (done) throw new Error(`Python ended:\n${this.#complaints}`)
    return JSON.parse(value)
  }

  [Symbol.dispose](): void {
    this.#process.stdin.end()
  }
}
