import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limit } from '../src/contestants.ts'
import { type DataFile, ensureDataFile } from '../src/data-file.ts'
import { differences, type Fingerprint, readFingerprint } from '../src/fingerprint.ts'
import { runContestant } from '../src/run-contestant.ts'

describe('a run', () => {
  let folder = ''
  let data: DataFile
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-bench-'))
    data = await ensureDataFile(folder, 300)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const fingerprintOf = async (file: DataFile): Promise<Fingerprint> => {
    let fingerprint: Fingerprint = new Map()
    await runContestant(limit, file, file.bytes, folder, async (path) => {
      fingerprint = await readFingerprint(path)
    })
    return fingerprint
  }

  test('of the limit builds three tables and leaves nothing behind', async () => {
    let tables: readonly string[] = []
    const run = await runContestant(limit, data, data.bytes * 2, folder, async (path) => {
      const fingerprint = await readFingerprint(path)
      tables = [...new Set([...fingerprint.keys()].map((name) => name.split('.')[0] ?? ''))]
      expect(fingerprint.get('events._dlt_id')).toBe('VARCHAR 300')
    })
    expect(tables).toEqual(['events', 'events__payload__commits', 'events__payload__labels'])
    expect(run).toMatchObject({ contestant: 'limit', steps: { events: expect.any(Number), close: expect.any(Number) } })
    expect(run.share).toBe(0.5)
    expect(run.cpuSeconds).toBeGreaterThan(0)
    expect(run.seconds).toBeGreaterThan(run.workSeconds)
    expect(run.peakMegabytes).toBeGreaterThan(10)
    expect(await readdir(folder)).toEqual(['events-300-v1.jsonl'])
  })

  test('has the same fingerprint each time, another one for other data', async () => {
    const first = await fingerprintOf(data)
    expect(differences(first, await fingerprintOf(data))).toEqual([])
    const other = differences(first, await fingerprintOf(await ensureDataFile(folder, 301)))
    expect(other).toContain('events._dlt_id: expected VARCHAR 300, found VARCHAR 301')
  })

  test('says which column is missing', () => {
    expect(differences(new Map([['t.a', 'BIGINT 1 1']]), new Map())).toEqual([
      't.a: expected BIGINT 1 1, found nothing',
    ])
  })
})
