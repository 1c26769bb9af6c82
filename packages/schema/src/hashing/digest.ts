import { createHash, hash } from 'node:crypto'

/** `crypto.hash` takes an output length since Node 24.4; before, it silently ignores the option. */
const oneShot = (() => {
  try {
    return hash('shake128', 'hello', { outputEncoding: 'base64', outputLength: 15 }) === 'jrS2qTLygDNe4aJ5+MII'
  } catch {
    return false
  }
})()

function shake128Base64(data: string | Uint8Array, length: number): string {
  if (oneShot) return hash('shake128', data, { outputEncoding: 'base64', outputLength: length })
  return createHash('shake128', { outputLength: length }).update(data).digest('base64')
}

/**
 * SHAKE-128 of a text (as UTF-8) or of bytes, in base64 without padding.
 *
 * @param length bytes of the digest; 15, that is 20 characters, when absent.
 */
export function digest128(data: string | Uint8Array, length = 15): string {
  const encoded = shake128Base64(data, length)
  const padding = (3 - (length % 3)) % 3
  return padding === 0 ? encoded : encoded.slice(0, encoded.length - padding)
}

/** SHA3-256 of a text (as UTF-8) or of bytes, in base64 with padding. */
export function digest256(data: string | Uint8Array): string {
  return createHash('sha3-256').update(data).digest('base64')
}
