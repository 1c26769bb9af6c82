import { createHash } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyFolder, type KillPoint } from './counted-run.ts'
import { type PointEvent, pointChannel } from './point-event.ts'

/** What a process would leave at some points that follow one another: between them nothing was changed. */
export interface CrashImage {
  readonly folder: string
  readonly points: readonly KillPoint[]
}

/** One text for all that a folder holds. */
function digestOf(folder: string): string {
  const hash = createHash('sha256')
  if (!existsSync(folder)) return ''
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    hash.update(`${path}\n`)
    if (entry.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** Takes a picture of a folder at every event of what runs in this process, while it is subscribed. */
export class CrashCamera implements Disposable {
  readonly images: { folder: string; points: KillPoint[] }[] = []
  readonly #folder: string
  readonly #target: string
  readonly #history: PointEvent[] = []
  #digest: string | undefined

  /**
   * @param folder what is pictured
   * @param target where the pictures go
   */
  constructor(folder: string, target: string) {
    this.#folder = folder
    this.#target = target
    subscribe(pointChannel, this.#onEvent)
  }

  readonly #onEvent = (message: unknown): void => {
    this.#history.push(message as PointEvent)
    const digest = digestOf(this.#folder)
    if (digest !== this.#digest) this.#takePicture()
    this.#digest = digest
    const point = { step: 0, event: this.#history.length - 1, threads: 0, history: [...this.#history] }
    this.images.at(-1)?.points.push(point)
  }

  #takePicture(): void {
    const folder = join(this.#target, String(this.images.length))
    copyFolder(this.#folder, folder)
    this.images.push({ folder, points: [] })
  }

  [Symbol.dispose](): void {
    unsubscribe(pointChannel, this.#onEvent)
  }
}
