import type { ScalarValue } from '../coercion/scalar-value.ts'
import type { DataType } from '../data-type.ts'
import type { Detection } from '../schema.ts'
import { parseIsoDate, parseIsoTimestamp } from '../time/iso.ts'

const largestWei = 578960446186580977117854925043439539266n
const largestBigint = 9223372036854775807n
const fiveYears = 5 * 31_536_000
const processStart = Date.now() / 1000

type Detector = (dataType: DataType, value: ScalarValue) => DataType | undefined

function detectUnixTime(dataType: DataType, value: ScalarValue): DataType | undefined {
  if (dataType !== 'bigint' && dataType !== 'double') return undefined
  return Math.abs(Number(value) - processStart) <= fiveYears ? 'timestamp' : undefined
}

function detectTimestamp(dataType: DataType, value: ScalarValue): DataType | undefined {
  return dataType === 'text' && typeof value === 'string' && parseIsoTimestamp(value) !== undefined
    ? 'timestamp'
    : undefined
}

function detectDate(dataType: DataType, value: ScalarValue): DataType | undefined {
  return dataType === 'text' && typeof value === 'string' && parseIsoDate(value) !== undefined ? 'date' : undefined
}

function detectLargeInteger(dataType: DataType, value: ScalarValue): DataType | undefined {
  if (dataType !== 'bigint' || typeof value !== 'bigint' || value <= largestBigint) return undefined
  return value > largestWei ? 'text' : 'wei'
}

const detectors: Readonly<Record<Detection, Detector>> = {
  timestamp: detectUnixTime,
  iso_timestamp: detectTimestamp,
  iso_date: detectDate,
  large_integer: detectLargeInteger,
  // Values of the type that this one is about do not exist here.
  hexbytes_to_text: () => undefined,
  wei_to_double: (dataType) => (dataType === 'wei' ? 'double' : undefined),
}

/**
 * The data type that the first of the autodetectors which knows a value gives to it, or `undefined` when none does.
 *
 * @param detections names of the autodetectors in the order in which they are asked; unknown ones are passed over.
 * @param dataType the data type of the value as it came.
 */
export function detectDataType(
  detections: readonly Detection[] | undefined,
  dataType: DataType,
  value: ScalarValue,
): DataType | undefined {
  for (const detection of detections ?? []) {
    const found = Object.hasOwn(detectors, detection) ? detectors[detection](dataType, value) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
