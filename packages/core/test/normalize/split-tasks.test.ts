import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PageFile } from '../../src/normalize/normalize-task.ts'
import { splitTasks } from '../../src/normalize/split-tasks.ts'

const page = (bytes: number, position: number): PageFile => ({
  path: String(position),
  bytes,
  summary: { rowCount: 0, tables: [] },
})

test('every page is in one task, in order, and no task is empty', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200 * 1024 * 1024)), fc.integer({ min: 1, max: 8 }), (sizes, threads) => {
      const pages = sizes.map(page)
      const tasks = splitTasks(pages, threads)
      expect(tasks.flat()).toEqual(pages)
      expect(tasks.every((task) => task.length > 0)).toBe(true)
    }),
  )
})

test('many pages of one size are shared out among the threads', () => {
  const tasks = splitTasks(
    Array.from({ length: 16 }, (_, position) => page(1000, position)),
    2,
  )
  expect(tasks.map((task) => task.length)).toEqual([4, 4, 4, 4])
})

test('no task grows far beyond the largest useful size', () => {
  const size = 9 * 1024 * 1024
  const tasks = splitTasks(
    Array.from({ length: 100 }, (_, position) => page(size, position)),
    2,
  )
  expect(Math.max(...tasks.map((task) => task.length))).toBe(4)
})
