/** The channel on which pipelines and SQL destinations announce every durable operation. */
export const pointChannel = 'dlt:commit-points'

/** What is announced before and after an operation. */
export interface PointEvent {
  readonly point: string
  readonly operation: string
  readonly moment: string
  /** A path, a load id or a kind of statement. */
  readonly subject: string
}

/** An event as a process noted it. */
export interface NotedEvent extends PointEvent {
  /** Worker threads that were running. */
  readonly threads: number
}

/** Events in a short form: `after rename extract.commit`. */
export const outlineOf = ({ moment, operation, point }: PointEvent): string => `${moment} ${operation} ${point}`
