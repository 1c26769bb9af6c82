/** Text in lines that is opened when it is read. */
export interface TextLines {
  /** What errors call it: the path, or a word for a stream. */
  readonly label: string
  /**
   * Opens the text: UTF-8 bytes in pieces of any size, decompressed. A piece is good until the next one is asked for.
   * @throws DltError `DATA` naming the file when it cannot be read
   */
  open(): AsyncIterable<Uint8Array>
}

/** Whole lines that were cut from a text. */
export interface LineChunk {
  /** The lines with their ends; the last line of a text may have none. Good until the chunk after the next one is asked for. */
  readonly bytes: Uint8Array
  /** Number of the first line in the text, from 1. */
  readonly firstLine: number
  /** Lines that hold anything but white space. */
  readonly rowCount: number
}
