export { chooseFileFormat, type FileFormatChoice, type FileFormatRequest } from './choose-file-format.ts'
export { createFileWriter } from './create-file-writer.ts'
export type { FileWriter, FileWriterOptions, ParquetCompression, WrittenFile } from './file-writer.ts'
export { writeParts } from './write-parts.ts'
