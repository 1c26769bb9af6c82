import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { duckdb } from '../../src/destinations/index.ts'
import { LazyDestination } from '../../src/destinations/lazy-destination.ts'
import { officialPackages } from '../../src/destinations/official-packages.ts'

it('the official packages are the optional peers of core, with the same versions', async () => {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const ranges = [...officialPackages.values()].map(({ packageName, range }) => [packageName, range])
  expect(manifest).toMatchObject({
    peerDependencies: Object.fromEntries(ranges),
    peerDependenciesMeta: Object.fromEntries(ranges.map(([name]) => [name, { optional: true }])),
  })
})

it('a light reference loads nothing when it is made', () => {
  const reference = duckdb({ path: 'my.duckdb' })
  expect(LazyDestination.is(reference)).toBe(true)
  expect(reference).toMatchObject({ reference: 'duckdb', options: { path: 'my.duckdb' } })
})
