import { DltError } from '@dlt/schema'
import type { ResourceRun } from '../declare/resource-run.ts'
import type { IncrementalRun } from '../incremental/cursor-run.ts'
import type { PipeStep } from '../items/pipe-step.ts'
import { FilterStep } from './filter-step.ts'
import { IncrementalStep } from './incremental-step.ts'
import { LimitStep } from './limit-step.ts'
import { MapStep } from './map-step.ts'
import { MetricsStep } from './metrics-step.ts'
import type { PipeReceiver } from './pipe-receiver.ts'
import type { StepPlace } from './pipe-step-receiver.ts'
import { stepLabel } from './step-label.ts'
import { YieldMapStep } from './yield-map-step.ts'

/** The steps of a resource as receivers, each handing on to the next; the first of them. */
export function buildChain(place: Omit<StepPlace, 'label'>, run: ResourceRun): PipeReceiver {
  const { steps } = place.resource
  return steps.reduceRight<PipeReceiver>(
    (receiver, step) => stepReceiver(step, { ...place, receiver, label: stepLabel(steps, step) }, run),
    place.receiver,
  )
}

function stepReceiver(step: PipeStep, place: StepPlace, run: ResourceRun): PipeReceiver {
  switch (step.kind) {
    case 'map':
      return new MapStep(place, step.apply)
    case 'filter':
      return new FilterStep(place, step.keep)
    case 'yield_map':
      return new YieldMapStep(place, step.expand)
    case 'metrics':
      return new MetricsStep(place, step.observe, run.metrics)
    case 'validate':
      return new MapStep(place, (item) => step.validator.validate(item, run.contract))
    case 'incremental':
      return new IncrementalStep(place, requireCursor(run, place), place.resource.content.kind !== 'transformer')
    case 'limit':
      return new LimitStep(place, step)
  }
}

function requireCursor({ incremental }: ResourceRun, { resource }: StepPlace): IncrementalRun {
  if (incremental !== undefined) return incremental
  throw new DltError(`Resource "${resource.name}" is incremental, but its cursor was not opened.`, {
    code: 'CONFIGURATION',
    context: { resource: resource.name },
  })
}
