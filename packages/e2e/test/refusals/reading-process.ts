import { writeSync } from 'node:fs'
import { resource } from '@dlt/core'
import { pipelineAt, placeIn } from '../kill/place.ts'

// A process that runs a pipeline, and reads its data until it is killed.
const [folder = ''] = process.argv.slice(2)
await pipelineAt(placeIn(folder)).run(
  resource({ name: 'days' }, async function* () {
    yield [{ id: 'half', day: 2 }]
    writeSync(1, 'reading')
    await new Promise((resolve) => setTimeout(resolve, 600_000))
  }),
)
