import type { DestinationCapabilities, FileFormat } from '@dlt/destination'
import { type DataType, DltError } from '@dlt/schema'

/** What is to be written. */
export interface FileFormatRequest {
  /** Rows of the whole package: small ones take the destination's format for small packages. */
  readonly rowCount: number
  /** Types of the columns of the table. */
  readonly columnTypes: Iterable<DataType>
  /** Format that the user asked for, by `loaderFileFormat` or a table's `file_format`. The destination's choice when absent. */
  readonly requested?: FileFormat
}

/** A format and why it was taken. */
export interface FileFormatChoice {
  readonly format: FileFormat
  /** A sentence for the log that names the format and the reason. */
  readonly reason: string
}

/**
 * Chooses the format of a table's files: the requested one, else the one for small packages, else the best that the destination
 * reads, each only where it can bring all types of the table.
 * @throws DltError CONFIGURATION when the requested format is not read by the destination or cannot bring a type, or no format can
 */
export function chooseFileFormat(capabilities: DestinationCapabilities, request: FileFormatRequest): FileFormatChoice {
  const { load } = capabilities
  const types = new Set(request.columnTypes)
  const lost = (format: FileFormat): readonly DataType[] =>
    (load.unsupportedTypes?.[format] ?? []).filter((type) => types.has(type))
  if (request.requested !== undefined) return requestedFormat(load.fileFormats, request.requested, lost)

  const isSmall = request.rowCount <= load.smallPackageRows
  const candidates = isSmall ? [load.smallPackageFormat, ...load.fileFormats] : load.fileFormats
  const format = candidates.find((candidate) => lost(candidate).length === 0)
  if (format === undefined) throw noFormat(load.fileFormats, types)
  const skipped = [...new Set(candidates.slice(0, candidates.indexOf(format)))]
  const because = whyChosen(format, request.rowCount, isSmall ? load : undefined)
  const instead = skipped.map((candidate) => ` "${candidate}" cannot bring columns of type ${quoted(lost(candidate))}.`)
  return { format, reason: `Files are written as "${format}": ${because}.${instead.join('')}` }
}

function whyChosen(format: FileFormat, rowCount: number, small: DestinationCapabilities['load'] | undefined): string {
  if (small?.smallPackageFormat === format) {
    return `the package has ${rowCount} rows, at most ${small.smallPackageRows} count as small`
  }
  if (format === 'insert_values') return 'the destination reads no faster format, so loading many rows will take long'
  return 'the best of the formats that the destination reads'
}

function requestedFormat(
  readable: readonly FileFormat[],
  requested: FileFormat,
  lost: (format: FileFormat) => readonly DataType[],
): FileFormatChoice {
  if (!readable.includes(requested)) {
    throw new DltError(
      `File format "${requested}" was asked for, but the destination reads only ${quoted(readable)}. Ask for one of those, or for none.`,
      { code: 'CONFIGURATION', context: { format: requested } },
    )
  }
  const types = lost(requested)
  if (types.length > 0) {
    throw new DltError(
      `File format "${requested}" was asked for, but it cannot bring columns of type ${quoted(types)} to the destination. ` +
        `Ask for another of ${quoted(readable)}, or for none.`,
      { code: 'CONFIGURATION', context: { format: requested } },
    )
  }
  return { format: requested, reason: `Files are written as "${requested}": it was asked for.` }
}

function noFormat(readable: readonly FileFormat[], types: ReadonlySet<DataType>): DltError {
  return new DltError(
    `None of the formats that the destination reads (${quoted(readable)}) can bring a table with columns of type ${quoted([...types])}. ` +
      'Change the type of the columns that stand in the way.',
    { code: 'CONFIGURATION' },
  )
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
