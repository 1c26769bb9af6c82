import { DltError } from '@dlt/schema'
import { copyValue } from './copy-value.ts'
import { formOf, type HashForm, hashKey, type KeyReader, legacyHashes, requireKey } from './hash-row.ts'

/** Rows that wait to be hashed until they are hashed before the page ends, so that a long page does not keep them all. */
const waitingLimit = 1000

/** Hashes from which a warning says that the cursor is too coarse, as in the reference system. */
export const manyBoundaryHashes = 200

/** Hashes that the state may hold for one cursor value. */
export const maximumBoundaryHashes = 100_000

/** What boundary rows are made with. */
export interface BoundaryRowsOptions {
  readonly resource: string
  readonly cursorPath: string
  /** Hashes that the last run stored, of rows at the start value. */
  readonly stored: readonly string[]
  readonly readKey: KeyReader
  /** Whether rows that are loaded again do no harm: then too many hashes are not kept, instead of refused. Default: false. */
  readonly isRepeatable?: boolean
  readonly warn: (message: string) => void
}

/**
 * The rows whose cursor is the last value, by hash. The next run, which reads them again, tells them from new rows of the same
 * cursor. Rows are hashed when a page ends, and only those that are still at the boundary; until then their keys are kept as they
 * were, for later steps and transformers may change the rows, and a generator may yield one object again and again.
 */
export class BoundaryRows {
  readonly #options: BoundaryRowsOptions
  readonly #start: ReadonlySet<string>
  readonly #startForm: HashForm
  /** Key of the row that moved the last value; nearly always the only one, so it has a place of its own. */
  #first: unknown
  #hasFirst = false
  /** Keys of further rows: the list is used again from its beginning, as far as it is filled. */
  #others: unknown[] = []
  #otherCount = 0
  /** Whether there is nothing but the first row. */
  #isFresh = false
  #hashes: Set<string>
  #form: HashForm
  #warned: boolean
  /** Whether there were too many rows at the last value to tell them apart in the next run. */
  #isGivenUp = false

  constructor(options: BoundaryRowsOptions) {
    this.#options = options
    this.#start = new Set(options.stored)
    this.#startForm = formOf(this.#start)
    this.#hashes = new Set(this.#start)
    this.#form = this.#startForm
    this.#warned = this.#hashes.size > manyBoundaryHashes
  }

  /** Whether a row at the start value was loaded by an earlier run. */
  isKnown(row: unknown): boolean {
    if (this.#start.size === 0) return false
    const { readKey, resource } = this.#options
    const key = requireKey(readKey(row), resource)
    if (this.#startForm === 'current') return this.#start.has(hashKey(key))
    return legacyHashes(key).some((hash) => this.#start.has(hash))
  }

  /** The last value moved to that of a row: rows of the former value count no more. */
  restart(row: unknown): void {
    this.#isGivenUp = false
    this.#first = this.#keyOf(row)
    this.#hasFirst = true
    if (this.#isFresh) return
    this.#otherCount = 0
    if (this.#hashes.size > 0) this.#hashes = new Set()
    this.#form = 'current'
    this.#isFresh = true
  }

  /** Remembers another row at the last value. */
  add(row: unknown): void {
    if (this.#isGivenUp) return
    this.#isFresh = false
    this.#others[this.#otherCount++] = this.#keyOf(row)
    if (this.#otherCount >= waitingLimit) this.hashWaiting()
  }

  /**
   * Hashes the rows that wait.
   * @throws DltError `DATA` when too many rows share the last value, or one has no key
   */
  hashWaiting(): void {
    if (this.#hasFirst) this.#addHash(this.#first)
    for (const key of this.#others.slice(0, this.#otherCount)) this.#addHash(key)
    this.#first = undefined
    this.#hasFirst = false
    this.#others = []
    this.#otherCount = 0
    const count = this.#hashes.size
    if (count > maximumBoundaryHashes) this.#giveUp()
    else if (count > manyBoundaryHashes && !this.#warned) this.#warnOfMany(count)
  }

  #keyOf(row: unknown): unknown {
    return copyValue(this.#options.readKey(row))
  }

  #addHash(known: unknown): void {
    this.#isFresh = false
    const key = requireKey(known, this.#options.resource)
    const hash = this.#form === 'current' ? hashKey(key) : legacyHashes(key)[0]
    this.#hashes.add(hash)
  }

  /** The hashes to store: those that were stored first, in their order. */
  hashes(): readonly string[] {
    this.hashWaiting()
    return [...this.#hashes]
  }

  #warnOfMany(count: number): void {
    this.#warned = true
    const { cursorPath, resource, warn } = this.#options
    warn(
      `Resource "${resource}": ${count} items share the last value of the cursor "${cursorPath}". The hash of each is kept in the state to tell them from new ones. Use a cursor that differs more often, or primaryKey: [] on the incremental to load them again.`,
    )
  }

  #giveUp(): void {
    if (this.#options.isRepeatable !== true) throw this.#tooMany()
    this.#isGivenUp = true
    this.#hashes = new Set()
    const { cursorPath, resource, warn } = this.#options
    warn(
      `Resource "${resource}": more than ${maximumBoundaryHashes} items share the last value of the cursor "${cursorPath}", too many for the state. Their hashes are not kept: the next run loads those items again, and the merge on the primary key puts them in the place of the earlier ones. Use a cursor that differs more often, or primaryKey: [] on the incremental to say so.`,
    )
  }

  #tooMany(): DltError {
    const { cursorPath, resource } = this.#options
    return new DltError(
      `Resource "${resource}": more than ${maximumBoundaryHashes} items share the last value of the cursor "${cursorPath}", too many for the state. Use a cursor that differs more often; or set rangeStart: 'open' when no item arrives later with a cursor that is loaded already, or primaryKey: [] to load them again.`,
      { code: 'DATA', context: { resource, cursor: cursorPath } },
    )
  }
}
