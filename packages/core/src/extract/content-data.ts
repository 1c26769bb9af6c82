import { DltError } from '@dlt/schema'
import { parseJsonLines } from './parse-json-lines.ts'
import type { ResourceContent } from './resource-content.ts'

/**
 * The data that content is read from.
 * @throws DltError `CONFIGURATION` for a transformer: it has no data of its own
 */
export function contentData(content: ResourceContent): unknown {
  if (content.kind === 'items') return content.data
  if (content.kind === 'json_lines') return parseJsonLines(content.lines)
  throw new DltError('A transformer has no data of its own. Bind it to a resource: parent.pipe(transformer).', {
    code: 'CONFIGURATION',
  })
}
