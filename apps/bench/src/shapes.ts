import { createEvent } from './events.ts'
import type { Random } from './random.ts'
import { createWideRow } from './wide-rows.ts'

/** A kind of documents. */
export interface Shape {
  readonly name: string
  /** Raised when the documents change, so that an old file is not taken for a new one. */
  readonly version: number
  create(random: Random, ordinal: number): object
}

/** Nested events with two lists, of about 900 bytes. */
export const events: Shape = { name: 'events', version: 1, create: createEvent }

/** Flat rows of 60 columns, with text that is not ASCII and columns of mixed kinds. */
export const wideRows: Shape = { name: 'wide', version: 1, create: createWideRow }
