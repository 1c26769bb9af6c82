import { DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { changeFile, fileFailure } from '../../src/packages/file-failure.ts'

const systemError = (code: string, message = `${code}: of the system, write`) =>
  Object.assign(new Error(message), { code, syscall: 'write' })

const rights = 'Give this user the right to read and write there, or pass another workingDir, then run again'

describe('an error of the file system', () => {
  test.each([
    ['ENOSPC', true, 'the disk is full (ENOSPC). Free some space on it, then run again'],
    ['EDQUOT', true, 'the quota of this user is used up (EDQUOT). Free some space, then run again'],
    ['EACCES', false, `permission is denied (EACCES). ${rights}`],
    ['EPERM', false, `it is not permitted (EPERM). ${rights}`],
    [
      'EROFS',
      false,
      'the file system is read-only (EROFS). Make it writable, or pass another workingDir, then run again',
    ],
    ['ENOTDIR', false, 'a part of the path is a file, not a folder (ENOTDIR). Pass another workingDir, then run again'],
    [
      'EIO',
      false,
      'EIO: of the system, write. Check the disk and the folder, or pass another workingDir, then run again',
    ],
  ])('%s names path and remedy', async (code, retryable, reason) => {
    const cause = systemError(code)
    const failed = changeFile('/project/state.json', 'written', () => Promise.reject(cause))
    await expect(failed).rejects.toMatchObject({
      code: 'WORKING_DIRECTORY',
      message: `"/project/state.json" cannot be written: ${reason}. What was committed before is kept.`,
      retryable,
      context: { file: '/project/state.json' },
      cause,
    })
    await expect(failed).rejects.toBeInstanceOf(DltError)
  })

  test.each([
    ['of this system', new DltError('known', { code: 'PACKAGE' })],
    ['of a program', new TypeError('not a function')],
    ['that is no Error', 'text'],
  ])('stays as it is when it is one %s', (_, cause) => {
    expect(fileFailure('/project', 'read', cause)).toBe(cause)
  })
})

test('a change that succeeds gives its result', async () => {
  expect(await changeFile('/project', 'made', () => Promise.resolve(1))).toBe(1)
})
