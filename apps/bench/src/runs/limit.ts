import { DuckDBInstance } from '@duckdb/node-api'
import { startMeasuring } from '../measurement.ts'

/**
 * The limit: what a person who knows the documents writes by hand in DuckDB's own SQL, for the same three tables, ids too.
 * The types are given, so nothing is inferred, and no schema, state or load package is kept.
 */
const measuring = startMeasuring()
const [dataPath = '', databasePath = ''] = process.argv.slice(2)

const document = `{
  id: 'VARCHAR', type: 'VARCHAR', public: 'BOOLEAN', created_at: 'TIMESTAMPTZ',
  actor: 'STRUCT(id BIGINT, login VARCHAR, display_login VARCHAR, gravatar_id VARCHAR, url VARCHAR, avatar_url VARCHAR)',
  repo: 'STRUCT(id BIGINT, name VARCHAR, url VARCHAR)',
  org: 'STRUCT(id BIGINT, login VARCHAR, gravatar_id VARCHAR, url VARCHAR, avatar_url VARCHAR)',
  payload: 'STRUCT(
    push_id BIGINT, size BIGINT, distinct_size BIGINT, ref VARCHAR, head VARCHAR, "before" VARCHAR, action VARCHAR,
    issue STRUCT(id BIGINT, number BIGINT, title VARCHAR, state VARCHAR, comments BIGINT, score DOUBLE, body VARCHAR,
                 url VARCHAR, locked BOOLEAN, updated_at TIMESTAMPTZ),
    commits STRUCT(sha VARCHAR, author STRUCT(email VARCHAR, name VARCHAR), message VARCHAR, "distinct" BOOLEAN, url VARCHAR)[],
    labels STRUCT(id BIGINT, name VARCHAR, color VARCHAR, "default" BOOLEAN)[])'
}`

const statements: readonly (readonly [step: string, sql: string])[] = [
  [
    'read',
    `CREATE TEMP TABLE documents AS
     SELECT left(replace(uuid()::VARCHAR, '-', ''), 14) AS row_id, *
     FROM read_json('${dataPath}', format = 'newline_delimited', columns = ${document})`,
  ],
  ['begin', 'BEGIN'],
  [
    'events',
    `CREATE TABLE github.events AS SELECT
       id, type, public, created_at,
       actor.id AS actor__id, actor.login AS actor__login, actor.display_login AS actor__display_login,
       actor.gravatar_id AS actor__gravatar_id, actor.url AS actor__url, actor.avatar_url AS actor__avatar_url,
       repo.id AS repo__id, repo.name AS repo__name, repo.url AS repo__url,
       org.id AS org__id, org.login AS org__login, org.gravatar_id AS org__gravatar_id, org.url AS org__url,
       org.avatar_url AS org__avatar_url,
       payload.push_id AS payload__push_id, payload.size AS payload__size, payload.distinct_size AS payload__distinct_size,
       payload.ref AS payload__ref, payload.head AS payload__head, payload."before" AS payload__before,
       payload.action AS payload__action, payload.issue.id AS payload__issue__id,
       payload.issue.number AS payload__issue__number, payload.issue.title AS payload__issue__title,
       payload.issue.state AS payload__issue__state, payload.issue.comments AS payload__issue__comments,
       payload.issue.score AS payload__issue__score, payload.issue.body AS payload__issue__body,
       payload.issue.url AS payload__issue__url, payload.issue.locked AS payload__issue__locked,
       payload.issue.updated_at AS payload__issue__updated_at,
       '1704164645.123456' AS _dlt_load_id, row_id AS _dlt_id
     FROM documents`,
  ],
  [
    'commits',
    `CREATE TABLE github.events__payload__commits AS SELECT
       item.sha, item.author.email AS author__email, item.author.name AS author__name, item.message, item."distinct", item.url,
       row_id AS _dlt_parent_id, position - 1 AS _dlt_list_idx, left(md5(row_id || 'commits' || position), 14) AS _dlt_id
     FROM (SELECT row_id, unnest(payload.commits) AS item, generate_subscripts(payload.commits, 1) AS position FROM documents)`,
  ],
  [
    'labels',
    `CREATE TABLE github.events__payload__labels AS SELECT
       item.id, item.name, item.color, item."default",
       row_id AS _dlt_parent_id, position - 1 AS _dlt_list_idx, left(md5(row_id || 'labels' || position), 14) AS _dlt_id
     FROM (SELECT row_id, unnest(payload.labels) AS item, generate_subscripts(payload.labels, 1) AS position FROM documents)`,
  ],
  ['commit', 'COMMIT'],
]

// The file is for the same versions of DuckDB as that of the pipeline.
const instance = await DuckDBInstance.create(databasePath, { threads: '2', storage_compatibility_version: 'v1.3.0' })
const connection = await instance.connect()
await connection.run('CREATE SCHEMA github')
measuring.step('open')
for (const [step, sql] of statements) {
  await connection.run(sql)
  measuring.step(step)
}
connection.closeSync()
instance.closeSync()
measuring.step('close')
measuring.report()
