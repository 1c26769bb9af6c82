import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TemporaryDirectory } from '../../temporary-directory.ts'
import { traceScript, whyNotTraced } from './system-calls.ts'
import { type Commit, commitsOf } from './unsynced.ts'

const script = join(import.meta.dirname, 'traced-run.ts')
const reason = whyNotTraced()

// The lock holds nothing, and is made again.
const isTemporary = (path: string): boolean => path.includes('/lock.sqlite') || path.endsWith('.new')

/** From which stage to which each directory was renamed. */
const stages = (commits: readonly Commit[], work: string): readonly string[] =>
  commits
    .map(({ from, to }) =>
      [from, to].map((path) =>
        path
          .slice(work.length + 1)
          .split('/')
          .slice(0, 2)
          .join('/'),
      ),
    )
    .filter(([from]) => from?.startsWith('packages/'))
    .map(([from = '', to = '']) => `${from} -> ${to}`.replaceAll('packages/', ''))

describe.skipIf(reason !== undefined)(
  `what the kernel is asked for${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    test.each([
      ['a few rows', 3],
      ['rows enough for worker threads', 12_000],
    ])('with %s, nothing is committed that is not on disk', { timeout: 120_000 }, async (_, rows) => {
      using folder = new TemporaryDirectory()
      const { output, calls } = await traceScript(script, [folder.path, String(rows)], folder.path)
      expect(JSON.parse(output)).toEqual({ rows: { more_orders: rows, more_orders__lines: rows }, isStored: true })
      const work = folder.in('home', 'work')
      const commits = commitsOf(calls, folder.in('home'), isTemporary)
      expect(stages(commits, work)).toEqual([
        'extracting -> extracted',
        'normalizing -> normalized',
        'normalized -> loaded',
        'extracting -> extracted',
        'normalizing -> normalized',
        'normalized -> loaded',
      ])
      expect(commits.filter(({ to }) => to.endsWith('/state.json')).length).toBeGreaterThan(2)
      for (const commit of commits) expect(commit).toMatchObject({ unsynced: [], unsyncedNames: [] })
    })
  },
)
