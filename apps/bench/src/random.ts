/** A source of numbers that are the same on every machine and run, for one seed. */
export interface Random {
  /** A fraction from 0 to below 1. */
  fraction(): number
  /** An integer from 0 to below `limit`. */
  integer(limit: number): number
  /** One of the items, all equally likely. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  /** Lower-case hexadecimal digits. */
  hexadecimal(digits: number): string
}

/** Makes a {@link Random} by the mulberry32 algorithm. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const integer = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit)
  return {
    fraction: () => next() / 0x1_0000_0000,
    integer,
    pick: (items) => items[integer(items.length)] ?? items[0],
    hexadecimal: (digits) => {
      let text = ''
      while (text.length < digits) text += next().toString(16).padStart(8, '0')
      return text.slice(0, digits)
    },
  }
}
