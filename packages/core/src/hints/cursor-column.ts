/**
 * The column that a cursor is in, where its path is one key: as it is, or quoted (`"'a.b'"`). A path with steps, also `$.name`,
 * names no column.
 */
export function cursorColumn(path: string): string | undefined {
  if (/^[^.$@*[\]'"`|,?()]+$/.test(path)) return path
  return /^(['"])([^'"\\]+)\1$/.exec(path)?.[2]
}
