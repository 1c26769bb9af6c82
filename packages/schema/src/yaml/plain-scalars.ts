const boolPattern = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON|(no|No|NO|false|False|FALSE|off|Off|OFF))$/
const nullPattern = /^(?:~|null|Null|NULL|)$/
const intPattern = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const timestampPattern =
  /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/
const otherPattern = /^(?:<<|=)$/

function withoutSign(text: string): string {
  return text.replace(/^[-+]/, '').replaceAll('_', '')
}

function magnitude(digits: string): number | bigint {
  if (digits.includes(':')) return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0)
  const literal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  const value = Number(literal)
  return Number.isSafeInteger(value) ? value : BigInt(literal)
}

function readInteger(text: string): number | bigint {
  const value = magnitude(withoutSign(text))
  return text.startsWith('-') ? -value : value
}

function readFloat(text: string): number {
  const digits = withoutSign(text).toLowerCase()
  if (digits === '.nan') return Number.NaN
  const value = digits === '.inf' ? Number.POSITIVE_INFINITY : Number(magnitudeOfFloat(digits))
  return text.startsWith('-') ? -value : value
}

function magnitudeOfFloat(digits: string): number {
  return digits.includes(':') ? digits.split(':').reduce((total, part) => total * 60 + Number(part), 0) : Number(digits)
}

/** Whether a text without quotes is read as a text by YAML 1.1, and not as a number, a date or another word. */
export function isPlainText(text: string): boolean {
  return ![boolPattern, nullPattern, intPattern, floatPattern, timestampPattern, otherPattern].some((pattern) =>
    pattern.test(text),
  )
}

/** What a scalar without quotes stands for in YAML 1.1; dates and times stay texts. */
export function readPlainScalar(text: string): string | number | bigint | boolean | null {
  if (nullPattern.test(text)) return null
  const bool = boolPattern.exec(text)
  if (bool !== null) return bool[1] === undefined
  if (intPattern.test(text)) return readInteger(text)
  return floatPattern.test(text) ? readFloat(text) : text
}
