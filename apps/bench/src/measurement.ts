/** What one process reports about its work. */
export interface Measurement {
  /** Seconds from the first line of the program to the end of the work. */
  readonly workSeconds: number
  /** Seconds of the parts, in order. */
  readonly steps: Readonly<Record<string, number>>
  /** Most memory that the process had in use. */
  readonly peakMegabytes: number
}

/** Measures a process from here on; `step` ends a part, `report` prints what was measured as the last line. */
export interface Measuring {
  step(name: string): void
  report(): void
}

/** Starts to measure. */
export function startMeasuring(): Measuring {
  const startedAt = performance.now()
  const steps: Record<string, number> = {}
  let lastAt = startedAt
  const secondsSince = (from: number): number => (performance.now() - from) / 1000
  return {
    step(name) {
      steps[name] = secondsSince(lastAt)
      lastAt = performance.now()
    },
    report() {
      const measurement: Measurement = {
        workSeconds: secondsSince(startedAt),
        steps,
        peakMegabytes: process.resourceUsage().maxRSS / 1024,
      }
      process.stdout.write(`${JSON.stringify(measurement)}\n`)
    },
  }
}

/** Reads a measurement from what a process printed: its last line. */
export function parseMeasurement(output: string): Measurement {
  const parsed: unknown = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
  if (isMeasurement(parsed)) return parsed
  throw new TypeError(`The process did not end with a measurement:\n${output}`)
}

function isMeasurement(value: unknown): value is Measurement {
  return (
    typeof value === 'object' &&
    value !== null &&
    'workSeconds' in value &&
    'steps' in value &&
    'peakMegabytes' in value
  )
}
