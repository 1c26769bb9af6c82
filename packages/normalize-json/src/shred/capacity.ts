/**
 * How long a full array becomes: twice as long, but at once as long as the page before needed it. Memory that is touched for the first
 * time, and copied on the way to its size, costs more than filling it.
 */
export const nextCapacity = (length: number, expected: number): number => Math.max(length * 2, expected)

/** What the next page is expected to need when this one needed so much. */
export const expectedAfter = (needed: number): number => needed + (needed >> 3)
