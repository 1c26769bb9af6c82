import { execFileSync } from 'node:child_process'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { giveBackGarbage } from '../../src/load/give-back-garbage.ts'

const mebibyte = 1024 * 1024

/** Something that nobody needs once the current job is over. */
async function garbage(): Promise<WeakRef<object>> {
  const reference = new WeakRef({ unneeded: true })
  await setImmediate()
  return reference
}

describe('garbage', () => {
  test('is left to the engine before a load that needs little memory', async () => {
    const reference = await garbage()
    await giveBackGarbage(100 * mebibyte)
    expect(reference.deref()).toEqual({ unneeded: true })
  })

  test('is gone before a large load', async () => {
    const reference = await garbage()
    await giveBackGarbage(400 * mebibyte)
    expect(reference.deref()).toBeUndefined()
  })

  test('is gone before a load that a large heap would stand beside', async () => {
    const reference = await garbage()
    const buffers = new ArrayBuffer(256 * mebibyte)
    await giveBackGarbage(100 * mebibyte)
    expect(reference.deref()).toBeUndefined()
    expect(buffers.byteLength).toBe(256 * mebibyte)
  })

  test('is left to the engine before a small load, however large the heap', async () => {
    const reference = await garbage()
    const buffers = new ArrayBuffer(400 * mebibyte)
    await giveBackGarbage(10 * mebibyte)
    expect(reference.deref()).toEqual({ unneeded: true })
    expect(buffers.byteLength).toBe(400 * mebibyte)
  })

  test('stays where the engine may not be asked', () => {
    const module = fileURLToPath(new URL('../../src/load/give-back-garbage.ts', import.meta.url))
    const script = `const { giveBackGarbage } = await import(${JSON.stringify(module)})
      await giveBackGarbage(${400 * mebibyte})
      console.log('loads')`
    const refused = ['--permission', '--allow-fs-read=*', '--no-warnings', '--input-type=module', '-e', script]
    expect(execFileSync(process.execPath, refused, { encoding: 'utf8' })).toBe('loads\n')
  })
})
