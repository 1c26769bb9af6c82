import { DestinationError, type ResultSchema } from '@dlt/destination'
import { parseIsoTimestamp } from '@dlt/schema'

type ReadText = (text: string) => unknown

/** So many digits and a sign are exact as a number. */
const exactDigits = 15

const integerOf: ReadText = (text) => (text.length <= exactDigits ? Number(text) : BigInt(text))

const outsideOfTime = (): DestinationError =>
  new DestinationError(
    'A timestamp of the result is infinite or outside of the years 1 to 9999, which no date in JavaScript holds. Leave it out, or cast it to text.',
    { kind: 'terminal', context: { destination: 'postgres' } },
  )

/** `2024-01-02 03:04:05.6+00`: the session's offset may have minutes and even seconds. */
const microsecondsOf: ReadText = (text) => {
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
  const microseconds = parseIsoTimestamp(/[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}+00:00`)
  if (microseconds === undefined) throw outsideOfTime()
  return microseconds
}

const itself: ReadText = (text) => text

const readers: { readonly [type in ResultSchema['data_type']]: ReadText } = {
  bool: (text) => text === 't',
  bigint: integerOf,
  double: Number,
  text: itself,
  decimal: itself,
  wei: itself,
  timestamp: microsecondsOf,
  time: itself,
  date: itself,
  // `\x` and digits.
  binary: (text) => Buffer.from(text.slice(2), 'hex'),
  json: itself,
}

/** The values of a column of a result, from the server's texts. */
export const resultValues = (
  { data_type: type }: ResultSchema,
  rows: readonly (readonly (string | null)[])[],
  index: number,
): readonly unknown[] => {
  const read = readers[type]
  return rows.map((row) => {
    const text = row[index] ?? null
    return text === null ? null : read(text)
  })
}
