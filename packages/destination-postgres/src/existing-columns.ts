import { type SqlFragment, sql } from '@dlt/destination/sql'

/**
 * Asks for the columns of tables of a dataset, with types as `postgresColumnType` spells them. The catalogs are asked themselves: the
 * `information_schema` leaves precision and scale out of types, and takes seconds where there are thousands of tables. No backslash stands in a
 * plain literal: with `standard_conforming_strings` off it would mean something else.
 */
export const columnsQuery = (dataset: string, tables: readonly string[] | undefined): SqlFragment => {
  const only = tables === undefined ? sql`` : sql` AND c.relname = ANY (${textArray(tables)})`
  return sql`
  SELECT CAST(c.relname AS text) AS table_name, CAST(a.attname AS text) AS column_name,
    regexp_replace(replace(format_type(a.atttypid, a.atttypmod), 'character varying', 'varchar'),
      '^(timestamp|time)[(]', E'\\\\1 (') AS data_type,
    CASE WHEN a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' THEN 'YES' ELSE 'NO' END AS needs_value
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = ${dataset} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped${only}
  ORDER BY c.relname, a.attnum`
}

/** A list as one parameter: `{"a","b"}`. */
const textArray = (texts: readonly string[]): SqlFragment => {
  const items = texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`)
  return sql`CAST(${`{${items.join(',')}}`} AS text[])`
}
