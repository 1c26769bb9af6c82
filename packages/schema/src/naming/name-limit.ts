import { codePointLength } from './python-text.ts'

/** How long names may be. */
export interface NameLimit {
  readonly maxLength: number
  /** What is counted: code points, or bytes of UTF-8. Default: `characters`. */
  readonly lengthIn?: 'characters' | 'bytes'
}

/** A limit in code points may be a bare number. */
export type NameLimitOption = number | NameLimit | undefined

/** A limit as data; nothing where there is none. */
export const nameLimit = (limit: NameLimitOption): NameLimit | undefined => {
  const given = typeof limit === 'number' ? { maxLength: limit } : limit
  return given === undefined || given.maxLength === 0 ? undefined : given
}

/** The length of a name as a limit counts it. */
export const nameLength = (name: string, { lengthIn }: Pick<NameLimit, 'lengthIn'>): number =>
  lengthIn === 'bytes' ? Buffer.byteLength(name) : codePointLength(name)

/** Whether a name is too long. */
export const exceeds = (name: string, limit: NameLimit): boolean =>
  // No character has more than three bytes for each of its UTF-16 units: most names need not be counted.
  (limit.lengthIn === 'bytes' ? name.length * 3 : name.length) > limit.maxLength &&
  nameLength(name, limit) > limit.maxLength

const longestRun = (points: readonly string[], room: number, limit: NameLimit): readonly string[] => {
  if (limit.lengthIn !== 'bytes') return points.slice(0, room)
  let left = room
  const end = points.findIndex((point) => {
    left -= Buffer.byteLength(point)
    return left < 0
  })
  return end === -1 ? points : points.slice(0, end)
}

/** The start of a name, as long as there is room; no character is cut. */
export const nameStart = (name: string, room: number, limit: NameLimit): string =>
  longestRun(Array.from(name), room, limit).join('')

/** The end of a name, as long as there is room; no character is cut. */
export const nameEnd = (name: string, room: number, limit: NameLimit): string =>
  [...longestRun(Array.from(name).reverse(), room, limit)].reverse().join('')
