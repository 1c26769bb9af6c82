import { type Coercer, ofBigint, ofText } from './coercer.ts'

const hexadecimal = /^[\t-\r ]*(?:[0-9a-fA-F]{2}[\t-\r ]*)*$/
/** Padding is required; more than needed is accepted only after whole groups, as the reference system does. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|(?<=.)=*)?$/

function textToBinary(text: string): Uint8Array | undefined {
  if (text.startsWith('0x')) {
    const digits = text.slice(2)
    return hexadecimal.test(digits) ? new Uint8Array(Buffer.from(digits.replace(/[\t-\r ]/g, ''), 'hex')) : undefined
  }
  return base64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined
}

/** The shortest little-endian form; zero has no bytes. */
function bigintToBinary(value: bigint): Uint8Array | undefined {
  if (value < 0n) return undefined
  const digits = value === 0n ? '' : value.toString(16)
  return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex').reverse())
}

/** Coercers to `binary`, by the data type they come from. */
export const toBinary: ReadonlyMap<string, Coercer> = new Map([
  ['text', ofText(textToBinary)],
  ['bigint', ofBigint(bigintToBinary)],
])
