import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureDataFile } from '../src/data-file.ts'
import { createRandom } from '../src/random.ts'
import { wideRows } from '../src/shapes.ts'

describe('data file', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-bench-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('is the same everywhere', async () => {
    const file = await ensureDataFile(folder, 1000)
    const content = await readFile(file.path)
    expect(file).toEqual({ path: file.path, documents: 1000, bytes: content.byteLength })
    expect(createHash('sha256').update(content).digest('hex')).toMatchInlineSnapshot(
      `"b3f8cec30ec80dc1c39f8efd19d394b4c5e8fa943c5cd040c9cec401a2c254e9"`,
    )
  })

  test('has documents of about 900 bytes with two lists', async () => {
    const file = await ensureDataFile(folder, 2000)
    const lines = (await readFile(file.path, 'utf8')).trimEnd().split('\n')
    expect(lines.length).toBe(2000)
    expect(file.bytes / lines.length).toBeGreaterThan(850)
    expect(file.bytes / lines.length).toBeLessThan(1000)
    const lengthOf = (list: string): number =>
      lines.reduce((sum, line) => sum + (JSON.parse(line).payload[list]?.length ?? 0), 0)
    expect(lengthOf('commits') / lines.length).toBeCloseTo(0.5, 1)
    expect(lengthOf('labels') / lines.length).toBeCloseTo(0.33, 1)
  })

  test('has wide rows of 60 columns, a fifth of the texts not ASCII', async () => {
    const file = await ensureDataFile(folder, 500, wideRows)
    const content = await readFile(file.path)
    expect(createHash('sha256').update(content).digest('hex')).toMatchInlineSnapshot(
      `"440dc6d74dfb1593af3e80ba05ff718210e89d9e2ffe7cbaf09c701418c66d0f"`,
    )
    const rows: readonly Record<string, unknown>[] = content
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(new Set(rows.map((row) => Object.keys(row).length))).toEqual(new Set([60]))
    const texts = rows.flatMap((row) => Object.entries(row).filter(([name]) => name.startsWith('text_')))
    const wide = texts.filter(([, text]) => Buffer.byteLength(String(text)) > String(text).length)
    expect(wide.length / texts.length).toBeCloseTo(0.2, 1)
    expect(new Set(rows.map((row) => typeof row['mixed_0']))).toEqual(
      new Set(['number', 'string', 'boolean', 'object']),
    )
    expect(rows[0]?.['time_0']).toMatch(/^2023-06-01T00:00:00\.\d{6}Z$/)
  })

  test('is made once', async () => {
    const first = await ensureDataFile(folder, 10)
    const names = await readdir(folder)
    expect(await ensureDataFile(folder, 10)).toEqual(first)
    expect(await readdir(folder)).toEqual(names)
  })
})

test('random numbers depend on the seed alone', () => {
  const take = (seed: number): readonly number[] => {
    const random = createRandom(seed)
    return Array.from({ length: 5 }, () => random.integer(1_000_000))
  }
  expect(take(1)).toEqual(take(1))
  expect(take(1)).not.toEqual(take(2))
  const random = createRandom(7)
  const fractions = Array.from({ length: 10_000 }, () => random.fraction())
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...fractions)).toBeLessThan(1)
  expect(fractions.reduce((sum, fraction) => sum + fraction, 0) / 10_000).toBeCloseTo(0.5, 1)
  expect(random.hexadecimal(40)).toMatch(/^[0-9a-f]{40}$/)
})
