import { DltError } from '@dlt/schema'
import { type RefreshMode, refreshModes } from '../packages/source-refresh.ts'

/** @throws DltError `CONFIGURATION` for what is no mode; `subject` begins the message */
export function checkRefresh(mode: RefreshMode | undefined, subject: string): void {
  if (mode === undefined || refreshModes.includes(mode)) return
  throw new DltError(`${subject}: refresh must be one of ${refreshModes.map((name) => `"${name}"`).join(', ')}.`, {
    code: 'CONFIGURATION',
  })
}
