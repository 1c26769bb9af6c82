import type { Destination } from '@dlt/destination'

/** Working directories whose state reflects what a destination holds in the memory of this process. */
const reflected = new WeakMap<Destination, Set<string>>()

/** Whether the state in a working directory can be about what a destination holds in memory: some step of this process put it there. */
export function reflectsMemory(destination: Destination, directory: string): boolean {
  return reflected.get(destination)?.has(directory) ?? false
}

/** Notes that the state in a working directory is about what a destination holds in memory. */
export function rememberMemory(destination: Destination, directory: string): void {
  const directories = reflected.get(destination) ?? new Set()
  reflected.set(destination, directories.add(directory))
}

/** Forgets it: what the destination held is gone. */
export function forgetMemory(destination: Destination): void {
  reflected.delete(destination)
}
