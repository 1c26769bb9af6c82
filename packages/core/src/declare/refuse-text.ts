import { DltError } from '@dlt/schema'

/**
 * Refuses text and nothing where data is expected.
 * @throws DltError `DATA`; `UNSUPPORTED` for a URI or a file name, with what to do instead
 */
export function refuseTextAndNothing(data: unknown, subject: string): void {
  if (typeof data === 'string') throw textError(data, subject)
  if (data === undefined || data === null) {
    throw new DltError(
      `${subject}: there is no data (${String(data)} was given). Pass a list, an iterable or a function; a function that is called must return its data.`,
      { code: 'DATA' },
    )
  }
  if (typeof data === 'symbol') {
    throw new DltError(`${subject}: a symbol is no data. Pass a list, an iterable or a function.`, { code: 'DATA' })
  }
}

function textError(text: string, subject: string): DltError {
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(text)?.[1]
  const file = /^[^\s]*[^\s/\\]\.(jsonl|ndjson|json|parquet|csv|tsv|xml|txt)(\.gz|\.zst)?$/i.exec(text)
  if (scheme === undefined && file === null) {
    return new DltError(`${subject}: text is no data. Put it in a list to load it as a row: [text].`, { code: 'DATA' })
  }
  const lines = /^(jsonl|ndjson)$/i.test(file?.[1] ?? '') && (scheme === undefined || scheme === 'file')
  const remedy = lines
    ? `Use dlt.jsonLines(${quoted(text)}).`
    : "Read it in a generator that yields its rows, or use dlt.jsonLines('file.jsonl') where it is a file of JSON Lines."
  return new DltError(`${subject}: a file name or URI as data is not supported: ${quoted(text)}. ${remedy}`, {
    code: 'UNSUPPORTED',
  })
}

// A URI may carry a password or a signature.
function quoted(text: string): string {
  return `'${text.replace(/\/\/[^/@\s]*@/, '//***@').replace(/\?.*$/s, '')}'`
}
