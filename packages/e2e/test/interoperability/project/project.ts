import { createHash } from 'node:crypto'
import dlt from '@dlt/core'
import * as v from 'valibot'

/** The counterpart of `fixtures/interoperability/project.py`: everything but the round comes from the folder's configuration. */
const shop = dlt.source(
  {
    name: 'shop',
    config: v.object({
      roundNumber: v.number(),
      currency: v.string(),
      perRound: v.number(),
      apiKey: dlt.secret(v.string()),
    }),
  },
  ({ roundNumber, currency, perRound, apiKey }) => {
    const seen = createHash('sha256').update(apiKey).digest('hex').slice(0, 8)
    const first = roundNumber * perRound
    return [
      dlt.resource({ name: 'orders', primaryKey: 'id', incremental: { cursorPath: 'id' } }, function* () {
        yield Array.from({ length: perRound + 1 }, (_, at) => ({ id: first - 1 + at, currency, seen }))
      }),
    ]
  },
)

await using pipeline = dlt.pipeline({ pipelineName: 'shop' })
await pipeline.run(shop({ roundNumber: Number(process.argv[2]) }))
