import { range, resource, rounds, type Shape } from '../shape.ts'

const day = (round: number, second: number) =>
  `2024-01-${String(round).padStart(2, '0')}T00:00:${String(second).padStart(2, '0')}Z`

/** Pipelines that add rows. */
export const appendShapes: readonly Shape[] = [
  {
    name: 'values',
    about: 'a column of each type',
    rounds: rounds((round) => [
      resource(
        'values',
        range(1, 3).map((n) => ({
          integer: round * 10 + n,
          fraction: round + n / 8 + 0.0625,
          text: `ż ${round} 😀 ${n}`,
          flag: n % 2 === 0,
          at: { $timestamp: day(round, n) },
          price: { $decimal: `${round}.25` },
          bytes: { $bytes: 'AAEC/w==' },
          large: { $bigint: `90071992547409${90 + n}` },
          json: { a: [round, { b: null }], c: 'x' },
        })),
        { columns: { json: { data_type: 'json' } } },
      ),
    ]),
  },
  {
    name: 'nested',
    about: 'lists at three levels',
    rounds: rounds((round) => [
      resource('orders', [
        {
          id: round,
          customer: { name: `c${round % 3}`, address: { city: 'x', zip: `${round}` } },
          lines: range(1, (round % 3) + 1).map((line) => ({
            line,
            parts: range(1, line).map((part) => ({ part, tags: ['a', `t${part}`] })),
          })),
          codes: range(1, round % 4),
        },
      ]),
    ]),
  },
  {
    name: 'evolving',
    movesEachRound: true,
    about: 'columns, tables and variant columns that come over time',
    rounds: rounds((round) => [
      resource('events', [
        { id: round, value: round % 5 === 0 ? 'five' : round, [`column ${round}`]: `v${round}` },
        { id: round + 100, value: round, ...(round > 3 && { [`list${round}`]: [{ x: round, [`y${round}`]: true }] }) },
      ]),
    ]),
  },
  {
    name: 'spellings',
    about: 'keys of every kind that do not meet',
    rounds: rounds((round) => [
      resource('OddKeys', [
        {
          userId: round,
          'Total €': round,
          ÄÖ: 'x',
          '1st': 1,
          'a.b-c': 2,
          HTTPServer: 'y',
          trailing_: true,
          select: round,
        },
        { userId: round, 'Nested Objects': { innerKey: [round, { deepKey: `${round}` }] } },
      ]),
    ]),
  },
  {
    name: 'limits',
    about: 'declared columns, limits of nesting, precision',
    rounds: rounds(
      (round) => [
        resource('flat', [{ id: round, o: { a: 1 }, l: [round] }]),
        resource(
          'declared',
          [{ id: round, name: `n${round}`, amount: { $decimal: `${round}.5` }, day: '2024-01-02' }],
          {
            columns: {
              name: { data_type: 'text', precision: 20 },
              amount: { data_type: 'decimal', precision: 12, scale: 3 },
              day: { data_type: 'date' },
            },
          },
        ),
      ],
      () => ({ source: { max_table_nesting: 0 } }),
    ),
  },
  {
    name: 'tables-by-item',
    about: 'a field of each document names its table',
    rounds: rounds((round) => [
      resource(
        'events',
        range(1, 4).map((n) => ({ kind: `kind ${(round + n) % 5}`, n, round, list: [n] })),
        { table_name_field: 'kind' },
      ),
    ]),
  },
  {
    name: 'real-data',
    movesEachRound: true,
    about: 'countries, some at a time',
    rounds: rounds((round) => [{ name: 'countries', dataset: 'countries', range: [round * 10, round * 10 + 10] }]),
  },
  {
    name: 'governed',
    about: 'contracts of resources and runs leave out values and rows',
    movesEachRound: true,
    rounds: rounds(
      (round) => [
        resource('values', [{ id: round, [`new${round}`]: 1, list: [{ x: round, [`y${round}`]: 2 }] }], {
          schema_contract: round === 1 ? 'evolve' : { columns: 'discard_value' },
        }),
        resource('rows', [{ id: round }, { id: round + 100, ...(round > 1 && { [`new${round}`]: 1 }) }]),
      ],
      (round) => (round > 5 ? { schema_contract: { columns: 'discard_row' } } : {}),
    ),
  },
]
