import { range, resource, rounds, type Shape } from '../shape.ts'

/** Pipelines that replace what is there. */
export const replaceShapes: readonly Shape[] = [
  {
    name: 'replaced',
    about: 'rows of nested tables are replaced, in some rounds with nothing',
    rounds: rounds((round) => [
      resource(
        'items',
        range(1, round % 4).map((id) => ({ id, round, list: range(1, id).map((x) => ({ x })) })),
        { write_disposition: 'replace' },
      ),
    ]),
  },
  {
    name: 'replaced-beside-append',
    movesEachRound: true,
    about: 'one resource replaces and evolves, the other appends',
    rounds: rounds((round) => [
      resource('log', [{ round }]),
      resource('current', [{ round, [`c${round}`]: 'x', ...(round % 2 === 0 && { list: [round] }) }], {
        write_disposition: 'replace',
      }),
    ]),
  },
]
