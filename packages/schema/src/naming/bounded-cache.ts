/** Remembers results of a pure function of a text; forgets all of them when there are too many. */
export class BoundedCache {
  readonly #results = new Map<string, string>()
  readonly #size: number
  readonly #compute: (text: string) => string

  constructor(size: number, compute: (text: string) => string) {
    this.#size = size
    this.#compute = compute
  }

  get(text: string): string {
    const known = this.#results.get(text)
    if (known !== undefined) return known
    const result = this.#compute(text)
    if (this.#results.size >= this.#size) this.#results.clear()
    this.#results.set(text, result)
    return result
  }
}
