/** What a hint that is a function threw. Whoever reads the resource says where it was and throws the cause. */
export class HintFailed extends Error {
  override readonly name = 'HintFailed'
  /** Name of the hint. */
  readonly hint: string

  constructor(hint: string, cause: unknown) {
    super(`The hint ${hint} failed.`, { cause })
    this.hint = hint
  }
}

/** Calls a hint's function for an item. @throws HintFailed with what it threw as cause */
export function callHint<Value>(hint: string, call: () => Value): Value {
  try {
    return call()
  } catch (error) {
    throw new HintFailed(hint, error)
  }
}
