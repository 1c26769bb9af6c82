import * as zlib from 'node:zlib'
import { DltError } from '@dlt/schema'
import type { ParquetCompression } from '../file-writer.ts'

/** Compresses the body of a page. */
export interface PageCodec {
  /** Number in parquet.thrift, `CompressionCodec`. */
  readonly code: number
  compress(body: readonly Uint8Array[]): readonly Uint8Array[]
}

const none: PageCodec = { code: 0, compress: (body) => body }

const gzip: PageCodec = { code: 2, compress: (body) => [zlib.gzipSync(Buffer.concat(body), { level: 1 })] }

/**
 * The codec for a compression.
 * @throws DltError UNSUPPORTED where this Node has no zstd
 */
export function pageCodec(compression: ParquetCompression): PageCodec {
  switch (compression) {
    case 'none':
      return none
    case 'gzip':
      return gzip
    case 'zstd':
      return zstd()
  }
}

function zstd(): PageCodec {
  // Node 22.13 and 22.14 lack it, though their types do not.
  if (!('zstdCompressSync' in zlib)) {
    throw new DltError(
      `Parquet compression "zstd" needs Node 22.15 or newer, this is ${process.version}. Use "gzip" or "none".`,
      { code: 'UNSUPPORTED' },
    )
  }
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: 1 }
  return { code: 6, compress: (body) => [zlib.zstdCompressSync(Buffer.concat(body), { params })] }
}
