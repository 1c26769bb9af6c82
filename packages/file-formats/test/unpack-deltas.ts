/** Numbers of 32 bits in DELTA_BINARY_PACKED, read by the format's specification, with the bytes that they take. */
export function unpackDeltas(bytes: Uint8Array): { readonly values: readonly number[]; readonly byteCount: number } {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('the bytes end within a number')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const signed = (): bigint => {
    const value = varint()
    return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n)
  }
  const blockSize = Number(varint())
  const miniblocks = Number(varint())
  const count = Number(varint())
  let last = BigInt.asIntN(32, signed())
  const values = count === 0 ? [] : [Number(last)]
  while (values.length < count) {
    const least = signed()
    const widths = bytes.subarray(at, at + miniblocks)
    at += miniblocks
    for (const width of widths) {
      if (values.length >= count) break
      const size = blockSize / miniblocks
      for (let index = 0; index < size; index++) {
        let delta = 0n
        for (let bit = 0; bit < width; bit++) {
          const place = index * width + bit
          delta |= BigInt(((bytes[at + (place >> 3)] ?? 0) >> (place & 7)) & 1) << BigInt(bit)
        }
        if (values.length >= count) continue
        last = BigInt.asIntN(32, last + least + delta)
        values.push(Number(last))
      }
      at += (size * width) / 8
    }
  }
  return { values, byteCount: at }
}
