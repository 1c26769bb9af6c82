import type { DocumentTape } from './document-tape.ts'
import type { FieldNode } from './path-tree.ts'

/** Digits that every number holds exactly. */
const exactDigits = 15

const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power)

/**
 * Puts a number on the tape that has at most 15 digits and no exponent: its digits and the power of ten are exact, and so is
 * their quotient, as exact as a double can be.
 *
 * @returns where it ends; -1 for anything else
 */
export function scanNumber(bytes: Uint8Array, start: number, field: FieldNode, tape: DocumentTape): number {
  const first = bytes[start] === 0x2d ? start + 1 : start
  let digits = 0
  let position = first
  for (let digit = digitAt(bytes, position); digit !== -1; digit = digitAt(bytes, position)) {
    digits = digits * 10 + digit
    position++
  }
  const length = position - first
  if (length === 0 || length > exactDigits || (length > 1 && bytes[first] === 0x30)) return -1
  let fraction = 0
  if (bytes[position] === 0x2e) {
    position++
    for (let digit = digitAt(bytes, position); digit !== -1; digit = digitAt(bytes, position)) {
      digits = digits * 10 + digit
      fraction++
      position++
    }
    if (fraction === 0 || length + fraction > exactDigits) return -1
  }
  if (bytes[position] === 0x65 || bytes[position] === 0x45) return -1
  const number = fraction === 0 ? digits : digits / (powersOfTen[fraction] ?? 1)
  tape.addNumber(field, first === start ? number : -number)
  return position
}

function digitAt(bytes: Uint8Array, position: number): number {
  const byte = bytes[position]
  return byte !== undefined && byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1
}
