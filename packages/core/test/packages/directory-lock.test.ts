import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { withDirectoryLock } from '../../src/packages/directory-lock.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const lockModule = new URL('../../src/packages/directory-lock.ts', import.meta.url).href

/** Runs code in another process that has `withDirectoryLock` and `directory`. */
function otherProcess(directory: string, code: string) {
  const script = `
    const { withDirectoryLock } = await import('${lockModule}')
    const directory = ${JSON.stringify(directory)}
    ${code}`
  const args = ['--conditions=@dlt/source', '--input-type=module', '-e', script]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function outputOf(child: ReturnType<typeof otherProcess>): Promise<{ stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  await once(child, 'close')
  return output
}

const refused = {
  code: 'WORKING_DIRECTORY',
  retryable: true,
  message: expect.stringContaining('of pipeline "sample" is in use by another process. Wait for it to end'),
}

describe('the lock of a working directory', () => {
  test('lets calls of one process wait in line', async () => {
    using folder = new TemporaryDirectory()
    const order: string[] = []
    const call = (name: string) =>
      withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, async () => {
        order.push(`${name} begins`)
        await setTimeout(5)
        order.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([call('a'), call('b'), call('c')])).toEqual(['a', 'b', 'c'])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  test('goes on after a call that failed', async () => {
    using folder = new TemporaryDirectory()
    const failing = withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, async () => {
      throw new Error('no')
    })
    const next = withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })

  test('does not let different directories wait for each other', async () => {
    using one = new TemporaryDirectory()
    using other = new TemporaryDirectory()
    const nested = () => withDirectoryLock({ directory: other.path, pipeline: 'other' }, async () => 'both')
    expect(await withDirectoryLock({ directory: one.path, pipeline: 'sample' }, nested)).toBe('both')
  })

  test('refuses a call from inside of a call, which would wait for itself', async () => {
    using folder = new TemporaryDirectory()
    const nested = () => withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, async () => 'never')
    await expect(withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, nested)).rejects.toThrow(
      'Pipeline "sample" is running a step, and this call comes from inside of it',
    )
    expect(await nested()).toBe('never')
  })

  test('takes a call that was begun inside of a call and comes when that is over', async () => {
    using folder = new TemporaryDirectory()
    const lock = { directory: folder.path, pipeline: 'sample' }
    let late: Promise<string> | undefined
    await withDirectoryLock(lock, async () => {
      late = setTimeout(20).then(() => withDirectoryLock(lock, async () => 'late'))
    })
    expect(await late).toBe('late')
  })

  test('refuses another process, and is free at once when its holder is killed', async () => {
    using folder = new TemporaryDirectory()
    const holder = otherProcess(
      folder.path,
      `await withDirectoryLock({ directory, pipeline: 'sample' }, async () => { console.log('locked'); await new Promise((resolve) => setTimeout(resolve, 60_000)) })`,
    )
    await once(holder.stdout, 'data')
    await expect(
      withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, async () => 'never'),
    ).rejects.toThrow(expect.objectContaining(refused))
    holder.kill('SIGKILL')
    await once(holder, 'close')
    expect(await withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, async () => 'free')).toBe('free')
  })

  test('refuses another process while this one holds it', async () => {
    using folder = new TemporaryDirectory()
    const output = await withDirectoryLock({ directory: folder.path, pipeline: 'sample' }, () =>
      outputOf(
        otherProcess(
          folder.path,
          `await withDirectoryLock({ directory, pipeline: 'sample' }, async () => {}).catch((error) => console.log(error.code, error.message))`,
        ),
      ),
    )
    expect(output.stdout).toContain('WORKING_DIRECTORY')
    expect(output.stdout).toContain('is in use by another process')
  })

  test('says nothing on stderr of SQLite being experimental, and keeps no other warning back', async () => {
    using folder = new TemporaryDirectory()
    const output = await outputOf(
      otherProcess(
        folder.path,
        `await withDirectoryLock({ directory, pipeline: 'sample' }, async () => { process.emitWarning('disk is nearly full'); console.log('done') })`,
      ),
    )
    expect(output.stdout).toBe('done\n')
    expect(output.stderr).toContain('disk is nearly full')
    expect(output.stderr).not.toContain('SQLite')
  })

  test('of a folder that is missing is refused with the remedy', async () => {
    using folder = new TemporaryDirectory()
    await expect(
      withDirectoryLock({ directory: folder.in('missing'), pipeline: 'sample' }, async () => {}),
    ).rejects.toThrow(
      /cannot be locked: .* Check that the folder is there and that this user may read and write in it, or pass another workingDir\.$/,
    )
  })
})
