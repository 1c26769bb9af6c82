import type { QueryCompiler } from 'kysely'
import { createQueryId } from 'kysely'
import { announcedStatement } from './sql-commit-points.ts'
import type { CompiledStatement, SqlRow, SqlSession } from './sql-connection.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** Runs fragments: compiles them for the database and sends them. */
export interface SqlExecutor {
  execute(fragment: SqlFragment): Promise<number>
  query(fragment: SqlFragment): Promise<readonly SqlRow[]>
}

/** Compiles a fragment to a statement with placeholders. */
export const compileSql = (
  compiler: QueryCompiler,
  fragment: Pick<SqlFragment, 'toOperationNode'>,
): CompiledStatement => compiler.compileQuery(fragment.toOperationNode(), createQueryId())

/** An executor over a session. Statements that change something are announced as commit points. */
export const sqlExecutor = (session: SqlSession, compiler: QueryCompiler): SqlExecutor => ({
  execute: (fragment) => {
    const statement = compileSql(compiler, fragment)
    return announcedStatement(statement.sql, () => session.execute(statement))
  },
  query: (fragment) => session.query(compileSql(compiler, fragment)),
})
