const mebibyte = 1024 * 1024

/** Bytes of files below which a load takes too short a time. */
const smallLoad = 64 * mebibyte

/** Bytes that files and heap may have together: with them, runs of 200,000 documents stay below 650 MB. */
const muchMemory = 330 * mebibyte

/** Bytes of a program's own objects from which it would stand still for too long. */
const largestHeap = 512 * mebibyte

/**
 * Gives what extract left in the heap back to the system before a large load. The engine looks for garbage when a program allocates, which
 * none does while a destination reads files: 130 to 220 MB of 200,000 documents would lie there until the load is over. Takes 60 to 80 ms;
 * nothing is done where a load is small or needs little memory, where the heap is large, and where the engine cannot be asked.
 *
 * @param bytes of the load's files
 */
export async function giveBackGarbage(bytes: number): Promise<void> {
  if (bytes < smallLoad || !process.features.inspector) return
  const { heapTotal, heapUsed, external } = process.memoryUsage()
  if (bytes + heapTotal + external < muchMemory || heapUsed > largestHeap) return
  const { Session } = await import('node:inspector/promises')
  const session = new Session()
  try {
    session.connect()
    await session.post('HeapProfiler.collectGarbage')
  } catch {
    // Refused, by Node's permission model for instance: the load only needs more memory.
  } finally {
    session.disconnect()
  }
}
