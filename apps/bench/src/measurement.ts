/** What one process reports about its work. */
export interface Measurement {
  /** Seconds from the first line of the program to the end of the work. */
  readonly workSeconds: number
  /** Seconds of the parts, in order. */
  readonly steps: Readonly<Record<string, number>>
  /** Processor time of all threads, in user code and in the system, in seconds. Other processes disturb it less than the clock. */
  readonly cpuSeconds: number
  /** Most memory that the process had in use. */
  readonly peakMegabytes: number
}

/** Measures a process from here on. */
export interface Measuring {
  /** Ends a part. */
  step(name: string): void
  /** Adds a part that was measured by somebody else; parts of one name are added up. */
  part(name: string, seconds: number): void
  /** Prints what was measured as the last line. */
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
    part(name, seconds) {
      steps[name] = (steps[name] ?? 0) + seconds
    },
    report() {
      const { user, system } = process.cpuUsage()
      const measurement: Measurement = {
        workSeconds: secondsSince(startedAt),
        steps,
        cpuSeconds: (user + system) / 1e6,
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
