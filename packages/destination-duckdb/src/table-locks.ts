/** The last holder of each lock. */
const queues = new Map<string, Promise<void>>()

/** Waits until nobody holds a lock, takes it, and returns what lets it go. */
const acquire = async (key: string): Promise<() => void> => {
  const before = queues.get(key)
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  queues.set(key, held)
  await before
  return () => {
    if (queues.get(key) === held) queues.delete(key)
    release()
  }
}

/**
 * Runs something while nobody else in this process holds one of the same locks. Two transactions of DuckDB that both insert a row, or
 * delete and insert it, do not notice each other, and DuckDB has no locks of tables; but a file is open in one process only.
 *
 * @param keys in an order that everybody keeps to, so that nobody waits for each other
 */
export const whileHolding = async <Result>(keys: readonly string[], run: () => Promise<Result>): Promise<Result> => {
  const releases: (() => void)[] = []
  try {
    for (const key of keys) releases.push(await acquire(key))
    return await run()
  } finally {
    for (const release of releases.reverse()) release()
  }
}
