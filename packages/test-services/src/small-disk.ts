import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of a few megabytes that can be filled up and freed again. Linux, as root. */
export class SmallDisk implements Disposable {
  /** Where it is mounted. */
  readonly folder: string

  /** Mounts it on an empty folder. Default: a temporary one. */
  constructor(megabytes: number, folder: string = mkdtempSync(join(tmpdir(), 'dlt-disk-'))) {
    this.folder = folder
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.folder], { stdio: 'pipe' })
  }

  /** Whether this machine lets its tests mount a disk. */
  static isPossible(): boolean {
    try {
      new SmallDisk(1)[Symbol.dispose]()
      return true
    } catch {
      // Another system, another user, or a container that may not.
      return false
    }
  }

  /** Bytes of a block; what is free is a number of them. */
  get blockBytes(): number {
    return statfsSync(this.folder).bsize
  }

  /** Fills the disk up but for some blocks. */
  fill(freeBlocks = 0): void {
    this.free()
    const { bavail } = statfsSync(this.folder)
    const file = openSync(this.#filler, 'w')
    try {
      const block = Buffer.alloc(this.blockBytes)
      for (let written = 0; written < bavail - freeBlocks; written++) writeSync(file, block)
    } finally {
      closeSync(file)
    }
  }

  /** Frees what was filled. */
  free(): void {
    rmSync(this.#filler, { force: true })
  }

  get #filler(): string {
    return join(this.folder, 'filler')
  }

  [Symbol.dispose](): void {
    try {
      execFileSync('umount', ['--lazy', this.folder], { stdio: 'pipe' })
    } finally {
      rmSync(this.folder, { recursive: true, force: true })
    }
  }
}
