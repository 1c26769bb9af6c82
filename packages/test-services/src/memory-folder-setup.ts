/**
 * Runs once per test run, before all other set-up: temporary folders of the tests lie in memory where the system has a file system for
 * that with enough room (Linux). Tests make thousands of small databases, and wait half of their time for the disk otherwise. What a
 * killed process leaves is the same; that files are synced is tested by watching the system calls.
 */
import { existsSync, statfsSync } from 'node:fs'
import { env } from 'node:process'
import { guardedFolder } from './guarded-folder.ts'

const memoryFileSystem = '/dev/shm'

/** The tests need less than half of it. */
const neededBytes = 6 * 1024 ** 3

const hasRoom = (folder: string): boolean => {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize >= neededBytes
}

export const setup = async (): Promise<() => Promise<void>> => {
  if (env['TMPDIR'] !== undefined || !hasRoom(memoryFileSystem)) return async () => {}
  env['TMPDIR'] = memoryFileSystem
  const folder = await guardedFolder({ prefix: 'dlt-tests-', account: undefined, stop: ':', shared: true })
  env['TMPDIR'] = folder.path
  return () => folder.remove()
}
