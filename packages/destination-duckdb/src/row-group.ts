/**
 * Rows of a row group, DuckDB's unit of compression: what one thread compresses when rows are committed, and reads when they are asked for.
 * Half of what DuckDB takes by itself: tables of some 100,000 rows then have work for several threads. A whole number of vectors of 2,048 rows.
 */
export const rowGroupRows = 61_440
