/**
 * Waits for all tasks to end, also when one fails, so that nothing runs on behind the caller's back.
 * @throws the first error in the order of the tasks
 */
export async function settleAll<Result>(tasks: readonly Promise<Result>[]): Promise<readonly Result[]> {
  await Promise.allSettled(tasks)
  return Promise.all(tasks)
}
