import { expect, test } from 'vitest'
import { readDataset } from '../kill/dataset-reader.ts'
import { wholeDay } from '../kill/days.ts'
import { setClockBack } from '../kill/shifted-clock.ts'
import { Shop } from './shop.ts'

const day = 24 * 60 * 60 * 1000

/** Days by which the clock is ahead (negative: behind) of the true time, run by run. */
const jumps = [0, 1, -1, 0, 365, -400, -400, 2]

test('a clock that jumps forward and back changes nothing: load ids grow, and each row is there once', async () => {
  using shop = new Shop()
  const days = jumps.map((_, index) => index + 1)
  for (const [index, ahead] of jumps.entries()) {
    using _clock = setClockBack(-ahead * day)
    await shop.run(index + 1)
  }
  const found = await readDataset(shop.place.file, { tables: ['days'] })
  expect(found.days['days']).toEqual(days.map((each) => wholeDay(each, shop.scenario)))
  expect(found.problems).toEqual([])
  const loadIds = await shop.query('SELECT load_id FROM shop._dlt_loads ORDER BY load_id::DOUBLE')
  expect(new Set(loadIds.flat()).size).toBe(jumps.length)
  const byDay = await shop.query('SELECT DISTINCT day, _dlt_load_id FROM shop.days ORDER BY day')
  expect(byDay.map(([, loadId]) => [loadId])).toEqual(loadIds)
})
