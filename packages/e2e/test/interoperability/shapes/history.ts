import type { JsonValue } from '@dlt/schema'
import type { OptionsSpec } from '../../fixtures/recorded-case.ts'
import { range, resource, rounds, type Shape } from '../shape.ts'

const rows = (round: number) =>
  range(1, 4)
    .filter((id) => (id + round) % 4 !== 0)
    .map((id) => ({ id, value: Math.floor((round + id) / 3), list: [{ x: Math.floor(round / 4) }, { x: id }] }))

function history(name: string, about: string, options: OptionsSpec, disposition: OptionsSpec = {}): Shape {
  const boundary = (round: number): JsonValue => `2024-01-${String(round).padStart(2, '0')}T00:00:00.25+00:00`
  return {
    name,
    about,
    movesEachRound: true,
    rounds: rounds((round) => [
      resource('rows', rows(round), {
        ...options,
        write_disposition: {
          disposition: 'merge',
          strategy: 'scd2',
          boundary_timestamp: boundary(round),
          ...disposition,
        },
      }),
    ]),
  }
}

/** Pipelines that keep the history of rows. The boundary timestamp of a round stands in the schema, so each round changes that. */
export const historyShapes: readonly Shape[] = [
  history('history', 'rows with lists change, go and come back', {}),
  history(
    'history-of-keys',
    'only rows of keys that came are retired; other names, and a point in time that marks what is valid',
    { merge_key: 'id' },
    {
      validity_column_names: ['from', 'until'],
      active_record_timestamp: '9999-12-31T00:00:00+00:00',
    },
  ),
]
