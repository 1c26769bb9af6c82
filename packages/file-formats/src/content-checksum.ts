import { crc32 } from 'node:zlib'

/**
 * The checksum of bytes that come piece by piece, as `crc32:` and eight hexadecimal digits. It tells damage by disks, file systems and
 * hands. It is no protection from who wants to deceive, and need not be: who can change a file can change what lists its checksum.
 *
 * @example
 * const checksum = new ContentChecksum()
 * checksum.add(Buffer.from('hello'))
 * checksum.text // 'crc32:3610a686'
 */
export class ContentChecksum {
  #value = 0

  /** Adds the bytes that come next. */
  add(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value)
  }

  /** The checksum of all bytes that were added. */
  get text(): string {
    return `crc32:${this.#value.toString(16).padStart(8, '0')}`
  }
}
