import dlt, { type IncrementalOptions, type Resource } from '@dlt/core'
import type { Scripts } from './script.ts'

interface Options extends Partial<IncrementalOptions> {
  readonly name?: string
  readonly key?: string | readonly string[]
  readonly writeDisposition?: 'append' | 'replace'
}

/** A resource over given pages of rows with a cursor, `ts` unless said otherwise. */
function events(pages: readonly (readonly object[])[], options: Options = {}): Resource {
  const { name = 'events', key, writeDisposition = 'append', ...incremental } = options
  return dlt.resource(
    {
      name,
      writeDisposition,
      ...(key !== undefined && { primaryKey: key }),
      incremental: { cursorPath: 'ts', ...incremental },
    },
    () => pages.values(),
  )
}

function pairs<Cursor>(...rows: readonly (readonly [id: number, ts: Cursor])[]) {
  return rows.map(([id, ts]) => ({ id, ts }))
}

/** Runs one page of rows after another with the same options. */
const inTurn =
  (options: Options, ...batches: readonly (readonly object[])[]): Scripts[string] =>
  async (run) => {
    for (const batch of batches) await run(events([batch], options))
  }

const gaps = [{ id: 1 }, { id: 2, ts: null }, { id: 3, ts: 1 }]
const onPath = [
  { id: 1, meta: { at: 3 } },
  { id: 2, meta: { at: 5 } },
]

function longest(values: readonly unknown[]): unknown {
  const texts = values.map(String)
  return texts.reduce((best, text) =>
    text.length > best.length || (text.length === best.length && text > best) ? text : best,
  )
}

/** Counterparts of `fixtures/scripts/incremental.py`. */
export const incrementalScripts: Scripts = {
  'incremental-with-key': inTurn(
    { key: 'id' },
    pairs([1, 1], [2, 2], [3, 2]),
    pairs([2, 2], [4, 2], [5, 3], [0, 1]),
    pairs([5, 3]),
  ),
  'incremental-without-key': inTurn({}, pairs([1, 1], [1, 1]), pairs([1, 1], [1, 1], [9, 1]), pairs([1, 1], [2, 2])),
  'incremental-without-deduplication': inTurn({ primaryKey: [] }, pairs([1, 1], [2, 2]), pairs([1, 1], [2, 2])),
  'incremental-with-compound-key': inTurn({ key: ['id', 'ts'] }, pairs([1, 1], [2, 1]), pairs([2, 1], [3, 1])),
  'incremental-from-initial-value': inTurn({ initialValue: 5 }, pairs([1, 4], [2, 5], [3, 6])),
  'incremental-backfill': inTurn({ initialValue: 2, endValue: 9 }, pairs([1, 1], [2, 5], [3, 9], [4, 10])),
  'incremental-with-closed-end': inTurn(
    { initialValue: 2, endValue: 9, rangeEnd: 'closed' },
    pairs([1, 2], [2, 9], [3, 10]),
  ),
  'incremental-with-open-start': inTurn({ rangeStart: 'open' }, pairs([1, 1]), pairs([1, 1], [2, 1], [3, 2])),
  'incremental-with-lag': inTurn(
    { initialValue: 0, lag: 2 },
    pairs([1, 10]),
    pairs([1, 7], [2, 8], [3, 9]),
    pairs([4, 12]),
  ),
  'incremental-with-lag-of-an-hour': inTurn(
    { initialValue: '2024-01-01T00:00:00Z', lag: 3600 },
    pairs([1, '2024-01-01T10:00:00Z']),
    pairs([2, '2024-01-01T08:59:59Z'], [3, '2024-01-01T09:00:00Z'], [4, '2024-01-01T11:00:00Z']),
  ),
  'incremental-downwards': inTurn({ lastValueFunc: 'min' }, pairs([1, 5], [2, 3]), pairs([2, 3], [3, 4], [4, 1])),
  'incremental-by-a-function': inTurn(
    { lastValueFunc: longest },
    pairs([1, 'a'], [2, 'ccc'], [3, 'bb']),
    pairs([4, 'dd'], [5, 'dddd']),
  ),
  'incremental-without-missing-rows': inTurn({ onCursorValueMissing: 'exclude' }, gaps),
  'incremental-with-missing-rows': inTurn({ onCursorValueMissing: 'include' }, gaps),
  'incremental-refuses-missing-rows': inTurn(
    {},
    [{ id: 1, ts: 1 }, { id: 2 }],
    [
      { id: 1, ts: 2 },
      { id: 2, ts: null },
    ],
  ),
  'incremental-ascending-ends-early': (run) =>
    run(
      events(
        [1, 2, 3, 4, 5].map((n) => pairs([n, n])),
        { initialValue: 1, endValue: 3, rowOrder: 'asc' },
      ),
    ),
  'incremental-descending-ends-early': async (run) => {
    await run(events([pairs([2, 2]), pairs([1, 1])], { rowOrder: 'desc' }))
    await run(events([pairs([4, 4]), pairs([3, 3]), pairs([2, 2]), pairs([1, 1])], { rowOrder: 'desc' }))
  },
  'incremental-on-a-path': inTurn({ cursorPath: 'meta.at' }, onPath, [...onPath, { id: 3, meta: { at: 6 } }]),
  'incremental-on-text-times': inTurn(
    { initialValue: '2024-01-01T00:00:00Z', key: 'id' },
    pairs([1, '2024-01-02T00:00:00Z'], [2, '2024-01-03T00:00:00Z']),
    pairs([2, '2024-01-03T00:00:00Z'], [3, '2024-01-04T00:00:00Z']),
  ),
  'incremental-of-a-replaced-resource': inTurn(
    { writeDisposition: 'replace' },
    pairs([1, 1], [2, 2]),
    pairs([1, 1], [3, 3]),
  ),
  'incremental-as-a-hint': async (run) => {
    const resource = (batch: readonly object[]) =>
      dlt.resource({ name: 'events' }, batch).applyHints({ incremental: { cursorPath: 'ts' } })
    await run(resource(pairs([1, 1], [2, 2])))
    await run(resource(pairs([2, 2], [3, 3])))
  },
  'incremental-in-a-source': async (run) => {
    const feed = (last: number) =>
      dlt.source({ name: 'feed' }, () => {
        const batch = Array.from({ length: last }, (_, n) => ({ id: n, ts: n }))
        return ['a', 'b'].map((name) => events([batch], { name }))
      })
    await run(feed(2)())
    await run(feed(4)().withResources('b'))
  },
  'incremental-after-a-map': (run) =>
    run(
      dlt
        .resource({ name: 'events', incremental: { cursorPath: 'ts' } }, [
          { id: 1, raw: '5' },
          { id: 2, raw: '7' },
        ])
        .addMap(({ id, raw }) => ({ id, ts: Number(raw) })),
    ),
  'incremental-without-new-rows': inTurn({ key: 'id' }, pairs([1, 1]), pairs([1, 1]), []),
  'incremental-seen-by-the-resource': async (run) => {
    const asked = dlt.resource(
      { name: 'asked', incremental: { cursorPath: 'ts', initialValue: 1 } },
      function* ({ incremental }) {
        yield { ts: incremental.lastValue + 1, asked_from: incremental.startValue }
      },
    )
    await run(asked)
    await run(asked)
  },
  'incremental-pages-in-parts': async (run) => {
    const pages = dlt.resource(
      { name: 'events', primaryKey: 'id', incremental: { cursorPath: 'ts', initialValue: 0, rowOrder: 'asc' } },
      function* () {
        for (const n of [0, 1, 2, 3, 4, 5]) yield pairs([n, n])
      },
    )
    for (const _ of [1, 2, 3, 4]) await run(pages.addLimit(2))
  },
}
