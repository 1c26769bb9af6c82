import type { PipeStep } from '../items/pipe-step.ts'

/** What errors call a step: its kind, its number among the steps of the kind, and the name of its function where it has one. */
export function stepLabel(steps: readonly PipeStep[], step: PipeStep): string {
  const ordinal = steps.filter(({ kind }) => kind === step.kind).indexOf(step) + 1
  const name = functionName(step)
  return `${step.kind} ${ordinal}${name === '' ? '' : ` (${name})`}`
}

function functionName(step: PipeStep): string {
  switch (step.kind) {
    case 'map':
      return givenName(step.apply, 'apply')
    case 'filter':
      return givenName(step.keep, 'keep')
    case 'yield_map':
      return givenName(step.expand, 'expand')
    case 'metrics':
      return givenName(step.observe, 'observe')
    default:
      return ''
  }
}

// A function without a name takes that of the property that it is written to.
function givenName({ name }: { readonly name: string }, property: string): string {
  return name === property ? '' : name
}
