/**
 * Runs a function inside the context of the pipeline. Every call into a user's generator goes through it, so that what user code
 * finds "current" does not depend on who asks for the next item.
 */
export type RunInContext = <Result>(run: () => Result) => Result

/** No context: the function is called as it is. */
export const withoutContext: RunInContext = (run) => run()
