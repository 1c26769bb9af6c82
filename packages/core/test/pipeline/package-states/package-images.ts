import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CommitPointEvent } from '../../../src/packages/commit-points.ts'
import { isLoadId } from '../../../src/packages/load-id.ts'
import { CommitPointRecorder } from '../../packages/commit-point-recorder.ts'
import { TemporaryDirectory } from '../../temporary-directory.ts'
import { orders, Shop } from './shop.ts'
import type { PackageState } from './states-document.ts'

/** A package in a state, in a folder of its own. */
export interface PackageImage {
  readonly folder: string
  readonly loadId: string
}

/** Where a state begins: the folder is copied there, as it is when the process dies. */
const beginnings: Readonly<Record<Exclude<PackageState, 'aborted'>, Partial<CommitPointEvent>>> = {
  extracting: { point: 'extract.commit', operation: 'rename', moment: 'before' },
  extracted: { point: 'extract.commit', operation: 'rename', moment: 'after' },
  normalizing: { point: 'normalize.commit', operation: 'rename', moment: 'before' },
  normalized: { point: 'normalize.commit', operation: 'rename', moment: 'after' },
  loading: { point: 'load.commit', moment: 'before' },
  committed: { point: 'load.commit', moment: 'after' },
  failed: { point: 'load.record-failure', operation: 'rename', moment: 'after' },
  loaded: { point: 'load.finish', operation: 'rename', moment: 'after' },
}

/** Makes a package once in each state; tests work on copies. */
export class PackageImages implements Disposable {
  readonly #directory = new TemporaryDirectory()
  #copies = 0

  /** A folder in which nothing has happened but that another pipeline has loaded into the same dataset. */
  async prepare(): Promise<void> {
    const start = new Shop(this.#in('start'))
    const neighbour = { pipelineName: 'neighbour', workingDir: `${start.folder}/neighbour`, datasetName: 'shop' }
    await start.pipeline(neighbour).run([{ id: 0 }], { tableName: 'neighbours' })
    await this.#run('well')
    await this.#run('refuses for good')
    const { folder, loadId } = this.copy('extracted')
    await new Shop(folder).pipeline().abort(loadId)
    cpSync(folder, this.#in('aborted'), { recursive: true })
  }

  /** A copy of the folder with the package in a state. */
  copy(state: PackageState): PackageImage {
    const folder = this.#in(`copy ${this.#copies++}`)
    cpSync(this.#in(state), folder, { recursive: true })
    return { folder, loadId: loadIdIn(this.#in('normalized')) }
  }

  /** A copy of the folder before there is a package. */
  start(): string {
    const folder = this.#in(`copy ${this.#copies++}`)
    cpSync(this.#in('start'), folder, { recursive: true })
    return folder
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]()
  }

  async #run(behaviour: 'well' | 'refuses for good'): Promise<void> {
    const folder = behaviour === 'well' ? this.start() : this.copy('normalized').folder
    using _recorder = new CommitPointRecorder((event) => {
      for (const [state, beginning] of Object.entries(beginnings)) {
        if (isAt(event, beginning) && !existsSync(this.#in(state))) cpSync(folder, this.#in(state), { recursive: true })
      }
    })
    await new Shop(folder, behaviour).pipeline().run([{ id: 2 }], orders)
  }

  #in(name: string): string {
    return this.#directory.in(name)
  }
}

function isAt(event: CommitPointEvent, beginning: Partial<CommitPointEvent>): boolean {
  return Object.entries(beginning).every(([key, value]) =>
    Object.entries(event).some(([k, v]) => k === key && v === value),
  )
}

function loadIdIn(folder: string): string {
  const loadId = readdirSync(join(folder, 'work/packages/normalized')).find(isLoadId)
  if (loadId === undefined) throw new Error(`No package is in "${folder}".`)
  return loadId
}
