import { range, resource, rounds, type Shape } from '../shape.ts'

const people = (round: number) =>
  range(round, round + 3).map((id) => ({
    id,
    round,
    roles: range(1, (id % 3) + 1).map((n) => `r${n + round}`),
    homes: range(1, (round % 2) + 1).map((n) => ({ n, rooms: [n, round] })),
  }))

/** Pipelines that merge rows by key. */
export const mergeShapes: readonly Shape[] = [
  {
    name: 'merged',
    about: 'rows with lists at two levels are replaced by key, chosen by a cursor',
    rounds: rounds((round) => [
      resource('people', people(round), {
        primary_key: 'id',
        write_disposition: 'merge',
        incremental: { cursor_path: 'round' },
      }),
    ]),
  },
  {
    name: 'merged-by-day',
    about: 'all rows of a day are replaced',
    rounds: rounds((round) => [
      resource(
        'visits',
        range(1, 3).map((n) => ({ day: `d${Math.floor(round / 2)}`, n: round * 10 + n, list: [n] })),
        { merge_key: 'day', write_disposition: 'merge' },
      ),
    ]),
  },
  {
    name: 'merged-with-deletions',
    about: 'of several changes of a row the newest counts, which may be its deletion',
    rounds: rounds((round) => [
      resource(
        'rows',
        range(round, round + 2).flatMap((id) => [
          { id, at: round * 10, gone: false, list: [round] },
          { id, at: round * 10 + 1, gone: id % 3 === 0, list: [round, id] },
        ]),
        {
          primary_key: 'id',
          write_disposition: 'merge',
          columns: {
            gone: { data_type: 'bool', hard_delete: true },
            at: { data_type: 'bigint', dedup_sort: 'desc' },
          },
        },
      ),
    ]),
  },
  ...(['upsert', 'insert-only', 'cdc'] as const).map(
    (strategy): Shape => ({
      name: strategy,
      about: 'rows with lists at two levels, whose ids follow from their keys',
      rounds: rounds((round) => [
        resource('people', people(round), { primary_key: 'id', write_disposition: { disposition: 'merge', strategy } }),
      ]),
    }),
  ),
  {
    name: 'replaced-through-staging',
    about: 'rows with lists are replaced by way of the staging dataset',
    destination: { replace_strategy: 'insert-from-staging' },
    rounds: rounds((round) => [resource('people', people(round), { write_disposition: 'replace' })]),
  },
]
