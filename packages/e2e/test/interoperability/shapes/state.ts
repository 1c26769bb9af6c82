import { range, resource, rounds, type Shape } from '../shape.ts'

/** Pipelines that remember something. */
export const stateShapes: readonly Shape[] = [
  {
    name: 'cursor-with-key',
    about: 'rows overlap, those at the boundary are known by their key',
    rounds: rounds((round) => [
      resource(
        'events',
        range(round, round + 3).map((ts) => ({ id: ts, ts: Math.floor(ts / 2), list: [ts] })),
        { primary_key: 'id', incremental: { cursor_path: 'ts' } },
      ),
    ]),
  },
  {
    name: 'cursor-without-key',
    about: 'rows overlap, those at the boundary are known by all their values',
    rounds: rounds((round) => [
      resource(
        'events',
        range(round, round + 2).flatMap((n) => [
          { n, meta: { at: `2024-01-${String(n).padStart(2, '0')}T00:00:00Z` } },
          { n: -n, meta: { at: `2024-01-${String(n).padStart(2, '0')}T00:00:00Z` } },
        ]),
        { incremental: { cursor_path: 'meta.at', initial_value: '2024-01-02T00:00:00Z' } },
      ),
    ]),
  },
  {
    name: 'cursor-of-time',
    about: 'a cursor of points in time, with a lag and a state that does not move in some rounds',
    rounds: rounds((round) => [
      resource(
        'readings',
        range(1, 3).map((n) => ({
          n: round * 10 + n,
          at: { $timestamp: `2024-01-01T00:${String(Math.floor(round / 3) * 3 + n).padStart(2, '0')}:00Z` },
        })),
        { primary_key: 'n', incremental: { cursor_path: 'at', lag: 60 } },
      ),
    ]),
  },
  {
    name: 'cursor-backwards',
    about: 'two resources, one cursor goes down; rows without a cursor pass',
    rounds: rounds((round) => [
      resource('down', [{ id: 100 - round }, { id: 101 - round }, { id: 200 }], {
        incremental: { cursor_path: 'id', last_value_func: 'min' },
      }),
      resource('some', [{ id: round }, { x: round }], {
        incremental: { cursor_path: 'id', on_cursor_value_missing: 'include' },
      }),
    ]),
  },
  {
    name: 'counted',
    about: 'a resource that counts how often it is read, beside one that replaces its rows and its state',
    rounds: rounds((round) => [
      resource('kept', [{ round }], { counts_calls: true }),
      resource('renewed', [{ round, list: [round] }], { counts_calls: true, write_disposition: 'replace' }),
    ]),
  },
  {
    name: 'some-of-a-source',
    about: 'a source of three resources with root keys, not all of them in each round',
    rounds: rounds(
      (round) =>
        ['a', 'b', 'c']
          .filter((_, at) => round % 3 !== at)
          .map((name) => resource(name, [{ round, list: [{ x: round }] }], { counts_calls: true })),
      () => ({ source: { root_key: true, max_table_nesting: 2 } }),
    ),
  },
]
