import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execPath } from 'node:process'
import { expect, test } from 'vitest'
import { sharedPostgres } from '../src/index.ts'

const shared = await sharedPostgres()

const startedIn = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error('The process has no output')
  const [line] = await once(stdout, 'data')
  return dirname(String(line).trim())
}

test.skipIf('missing' in shared)(
  'a server ends with the process that started it, also when that is killed',
  async () => {
    const program = join(import.meta.dirname, 'starts-and-waits.ts')
    const owner = spawn(execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const folder = await startedIn(owner)
    expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(true)
    owner.kill('SIGKILL')
    await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false)
  },
)
