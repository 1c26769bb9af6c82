/** Rows of a row group, DuckDB's unit of compression: what is kept in memory, compressed and read by one thread. */
export const rowGroupRows = 122_880
