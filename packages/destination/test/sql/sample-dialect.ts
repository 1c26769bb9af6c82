import { DefaultQueryCompiler, type SqlDialect } from '../../src/sql/index.ts'

/** A dialect as the widely used databases have it. */
export const sampleDialect: SqlDialect = {
  createCompiler: () => new DefaultQueryCompiler(),
  columnType: ({ data_type: type, precision }) =>
    ({
      bigint: 'bigint',
      text: precision === undefined ? 'varchar' : `varchar(${precision})`,
      timestamp: 'timestamp with time zone',
    })[String(type)] ?? 'varchar',
  integerTypes: new Set(['BIGINT']),
  typeKinds: new Map([['TIMESTAMP WITH TIME ZONE', { kind: 'timestamp', fractionDigits: 6 }]]),
  columnAttributes: ({ unique }) => (unique === true ? 'UNIQUE' : ''),
  addNotNull: 'with-column',
  emptyTable: 'TRUNCATE TABLE',
  temporarySchema: 'pg_temp',
  correlatedDelete: 'alias',
  upsert: 'merge',
  literals: { text: 'escape-string', binary: 'hex-escape', characterFunction: 'chr', nul: 'drop' },
}
