/** The data types of columns, spelled as in schema documents. */
export const dataTypes = [
  'text',
  'double',
  'bool',
  'timestamp',
  'bigint',
  'binary',
  'json',
  'decimal',
  'wei',
  'date',
  'time',
] as const

/** A data type of a column. */
export type DataType = (typeof dataTypes)[number]
