const quote = 0x22
const backslash = 0x5c

/** Where the spaces and tabs end. */
export function skipBlanks(bytes: Uint8Array, start: number): number {
  let position = start
  while (bytes[position] === 0x20 || bytes[position] === 0x09) position++
  return position
}

/** Where the quotation mark after a text is; -1 when the text has escapes, or characters that must not stand in it. */
export function endOfText(bytes: Uint8Array, start: number): number {
  let position = start
  for (;;) {
    const byte = bytes[position]
    if (byte === quote) return position
    if (byte === undefined || byte < 0x20 || byte === backslash) return -1
    position++
  }
}

/** Where an object or list ends that begins here, if what it holds is JSON. */
export function endOfContainer(bytes: Uint8Array, start: number): number {
  let depth = 0
  let position = start
  for (;;) {
    const byte = bytes[position]
    if (byte === undefined || byte === 0x0a) return position
    position++
    if (byte === quote) position = endOfEscapedText(bytes, position)
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return position
  }
}

/** Where a text ends, behind its quotation mark, escapes or not. */
export function endOfEscapedText(bytes: Uint8Array, start: number): number {
  let position = start
  for (;;) {
    const byte = bytes[position]
    if (byte === undefined || byte === 0x0a) return position
    position++
    if (byte === quote) return position
    if (byte === backslash) position++
  }
}

/** Where the quotation mark after a key is; -1 when another key stands there. */
export function endOfKey(bytes: Uint8Array, start: number, key: Uint8Array | undefined): number {
  if (key === undefined) return -1
  let index = 0
  while (index < key.length && bytes[start + index] === key[index]) index++
  return index === key.length && bytes[start + index] === quote ? start + index : -1
}

/** Where a word ends whose first letter is known to be there; -1 when another one stands there. */
export function endOfWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 1; index < word.length; index++) {
    if (bytes[start + index] !== word.charCodeAt(index)) return -1
  }
  return start + word.length
}

/** Where the characters end that numbers consist of. */
export function endOfNumber(bytes: Uint8Array, start: number): number {
  let position = start
  for (;;) {
    const byte = bytes[position] ?? 0
    const isDigit = byte >= 0x30 && byte <= 0x39
    // + - . E e
    if (!isDigit && byte !== 0x2b && byte !== 0x2d && byte !== 0x2e && byte !== 0x45 && byte !== 0x65) return position
    position++
  }
}
