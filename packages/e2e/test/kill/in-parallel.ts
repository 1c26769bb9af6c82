/** Does something with each item, some at a time; stops at the first that fails. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  let failed = false
  const waiting = items.values()
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return
      await run(item)
    }
  }
  const workers = Array.from({ length: atOnce }, () =>
    work().catch((error: unknown) => {
      failed = true
      throw error
    }),
  )
  // What still runs must not go on in a folder that is removed.
  await Promise.allSettled(workers)
  await Promise.all(workers)
}
