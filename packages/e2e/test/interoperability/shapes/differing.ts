import { resource, rounds, type Shape } from '../shape.ts'

/** A shape that comes out otherwise than with Python alone. */
export interface DifferingShape extends Shape {
  /** Why: ids of `docs/differences.md`. */
  readonly reasons: readonly string[]
}

const double = (text: string) => ({ $double: text })

/** Pipelines whose data or hints the two systems take differently, on purpose. */
export const differingShapes: readonly DifferingShape[] = [
  {
    name: 'whole-doubles',
    about: 'doubles without a fraction, in columns that Python makes and in columns that are made here',
    reasons: ['whole-numbers'],
    rounds: rounds((round) => [
      resource('numbers', [{ first: double(`${round}.0`), ...(round > 1 && { second: double(`${round}.0`) }) }]),
    ]),
  },
  {
    name: 'fractions-after-integers',
    about: 'integers and fractions in one column, in one package and over rounds',
    reasons: ['numbers-decide-together'],
    rounds: rounds((round) => [
      resource('numbers', [
        { over: round > 4 ? round + 0.5 : round, ...(round > 1 && { within: round }) },
        { ...(round > 1 && { within: round + 0.25 }) },
      ]),
    ]),
  },
  {
    name: 'exact-integers',
    about: 'integers of more than 53 bits in a column of doubles',
    reasons: ['exact-integers'],
    rounds: rounds((round) => [
      resource('numbers', [{ value: round < 3 ? round + 0.5 : { $bigint: `90071992547409${90 + round}` } }]),
    ]),
  },
  {
    name: 'colliding-keys',
    about: 'keys that become one name',
    reasons: ['name-collisions'],
    rounds: rounds((round) => [
      resource('people', [{ userName: `u${round}`, user_name: `v${round}`, a: { b: round }, a__b: -round }]),
    ]),
  },
  {
    name: 'limited-resource',
    about: 'a resource with a limit of nesting of its own',
    reasons: ['nesting-versions'],
    rounds: rounds((round) => [resource('flat', [{ round, o: { a: 1 }, l: [1] }], { max_table_nesting: 0 })]),
  },
  {
    name: 'returning-schema',
    about: 'a table is replaced in every third round and appended to in others: the schema is again what it was',
    reasons: ['returning-schemas'],
    movesEachRound: true,
    rounds: rounds((round) => [
      resource('items', [{ round, list: [round, round + 1] }], {
        write_disposition: round % 3 === 0 ? 'replace' : 'append',
      }),
    ]),
  },
]
