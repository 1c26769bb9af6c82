const digit = /^\p{Nd}$/u

/** Value of a decimal digit of any script. Their code points stand in runs of ten, in order. */
function digitValue(character: string): number {
  const code = character.codePointAt(0) ?? 0
  let first = code
  while (digit.test(String.fromCodePoint(first - 1))) first--
  return (code - first) % 10
}

/** A text with decimal digits of other scripts replaced by ASCII digits. */
export function decimalDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (character) => String(digitValue(character)))
}
