/** What an event did: the load ids that a call named in its answer, or the error that it threw. */
export interface Happening {
  readonly loadIds: readonly string[]
  readonly error?: unknown
}

/** Makes a call, and tells what it named or threw. */
export async function happeningOf(
  call: Promise<{ readonly packages: readonly { readonly loadId: string }[] }>,
): Promise<Happening> {
  try {
    const { packages } = await call
    return { loadIds: packages.map(({ loadId }) => loadId) }
  } catch (error) {
    return { loadIds: [], error }
  }
}
