import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of a file a folder of its own, removed afterwards. */
export function useTemporaryFolder(): (name: string) => string {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-file-formats-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  return (name) => join(folder, name)
}
