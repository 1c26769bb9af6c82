import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlCommitPoints } from '@dlt/destination/sql'
import { expect, test } from 'vitest'
import { commitPoints } from '../../src/packages/commit-points.ts'

test('the documentation lists every commit point and says why a crash at it is harmless', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/durability.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `([a-z-]+\.[a-z-]+)` +\| (.*?) +\|$/gm)]
  const documented = rows.map(([, point, reason]) => [point, reason])
  expect(documented).toEqual(Object.entries({ ...commitPoints, ...sqlCommitPoints }))
})
