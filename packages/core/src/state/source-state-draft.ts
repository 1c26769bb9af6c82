import { freezeDeeply } from './freeze-deeply.ts'
import { refuseSecrets } from './refuse-secrets.ts'
import type { StateDraft } from './state-draft.ts'
import { storableCopy } from './storable-copy.ts'

/**
 * The state of one source while it is read: a copy of what is stored, made when somebody first asks for it. Resources keep theirs
 * under `resources.<name>`, as in the reference system.
 */
export class SourceStateDraft {
  readonly #source: string
  readonly #stored: unknown
  #draft: StateDraft | undefined

  /** @param stored what the state holds for the source; anything but an object counts as nothing */
  constructor(source: string, stored?: unknown) {
    this.#source = source
    this.#stored = stored
  }

  /** The state of the source. Asking for it makes an entry, even if nothing is put there. */
  source(): StateDraft {
    this.#draft ??= isDraft(this.#stored) ? copyOf(this.#stored, `sources.${this.#source}`) : {}
    return this.#draft
  }

  /** The state of a resource. Asking for it makes an entry. */
  resource(name: string): StateDraft {
    const resources = entry(this.source(), 'resources')
    return entry(resources, name)
  }

  /** What is stored for a resource's cursor; `undefined` where nothing is. Makes no entry. */
  peekCursor(resource: string, cursorPath: string): unknown {
    const path = ['resources', resource, 'incremental', cursorPath]
    return path.reduce<unknown>((value, key) => own(value, key), this.#draft ?? this.#stored)
  }

  /** Puts where a cursor is into the state of its resource. */
  storeCursor(resource: string, cursorPath: string, cursor: object): void {
    put(entry(this.resource(resource), 'incremental'), cursorPath, cursor)
  }

  /** Forgets the state of a resource that begins anew. The source has an entry afterwards. */
  resetResource(name: string): void {
    const { resources } = this.source()
    if (isDraft(resources)) Reflect.deleteProperty(resources, name)
  }

  /** Forgets the state of resources. The source has an entry afterwards where it had one before. */
  forget(names: Iterable<string>): void {
    if (this.#draft === undefined && !isDraft(this.#stored)) return
    const { resources } = this.source()
    if (isDraft(resources)) for (const name of names) Reflect.deleteProperty(resources, name)
  }

  /**
   * What the state holds for the source from now on; `undefined` when nobody asked for the draft. The draft cannot be changed any
   * more: code that kept it would change nothing.
   *
   * @throws DltError `STATE` with the path of a value that a state cannot hold, and of a secret
   */
  result(): Readonly<StateDraft> | undefined {
    if (this.#draft === undefined) return undefined
    const result = copyOf(this.#draft, `sources.${this.#source}`)
    refuseSecrets(result, `sources.${this.#source}`)
    freezeDeeply(this.#draft)
    return result
  }
}

function entry(draft: StateDraft, name: string): StateDraft {
  const known = own(draft, name)
  if (isDraft(known)) return known
  const made: StateDraft = {}
  put(draft, name, made)
  return made
}

// Names come from data, and may be those of what every object has: `__proto__`, `constructor`.
function own(value: unknown, name: string): unknown {
  return isDraft(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function put(draft: StateDraft, name: string, value: object): void {
  Object.defineProperty(draft, name, { value, writable: true, enumerable: true, configurable: true })
}

function isDraft(value: unknown): value is StateDraft {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function copyOf(draft: StateDraft, path: string): StateDraft {
  const copy = storableCopy(draft, path)
  return isDraft(copy) ? copy : {}
}
