import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { perform, recover } from './perform.ts'
import { placeIn } from './place.ts'
import { type NotedEvent, outlineOf, type PointEvent, pointChannel } from './point-event.ts'
import type { ProcessReport, ProcessTask } from './process-task.ts'
import { scenarios } from './scenario.ts'
import { begin } from './setup.ts'
import { setClockBack } from './shifted-clock.ts'

// A process that does one task of a scenario, and kills itself at an event: no handler, no clean-up, nothing flushed.
const { folder, scenario: name, task, killAt, clockSetBack = 0 } = JSON.parse(process.argv[2] ?? '') as ProcessTask

let threads = 0
process.on('worker', (worker) => {
  threads++
  worker.once('exit', () => threads--)
})

const events: NotedEvent[] = []
subscribe(pointChannel, (message) => {
  const event = message as PointEvent
  if (events.length === killAt) {
    writeSync(1, outlineOf(event))
    process.kill(process.pid, 'SIGKILL')
  }
  events.push({ ...event, threads })
})

using _clock = setClockBack(clockSetBack)
const scenario = scenarios[name]
const place = placeIn(folder)
if (task === 'begin') await begin(place, scenario)
else if (task !== 'recover') await perform(place, scenario, task)
const recovery = task === 'recover' ? await recover(place, scenario) : undefined
const report: ProcessReport = { events, ...(recovery !== undefined && { recovery }) }
writeSync(1, JSON.stringify(report))
