import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startApiServer } from '../server/api-server.ts'
import { github } from '../src/github.ts'

const token = 'canary-token-8154'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlt-github-'))
})
afterEach(() => rm(folder, { recursive: true }))

function newPipeline() {
  return dlt.pipeline({
    pipelineName: 'github',
    workingDir: join(folder, 'working'),
    destination: duckdb({ credentials: join(folder, 'issues.duckdb') }),
    datasetName: 'github_data',
  })
}

async function query(sql: string): Promise<readonly unknown[][]> {
  const instance = await DuckDBInstance.create(join(folder, 'issues.duckdb'))
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

describe('the connector', () => {
  test('loads everything once, then only what changed', async () => {
    await using server = await startApiServer({ token })
    const source = github({ url: server.url, repository: 'acme/rocket', token })
    const first = await newPipeline().run(source)
    expect(first.rowCounts).toMatchObject({ issues: 240, issue_events: 240 })
    server.advance()
    const second = await newPipeline().run(source)
    // Twenty issues were opened, six of the old ones and one of the new ones were closed.
    expect(second.rowCounts).toMatchObject({ issues: 26, issue_events: 33 })
    const counts = 'SELECT count(*)::INT, count(DISTINCT id)::INT FROM github_data.'
    expect(await query(`${counts}issues`)).toEqual([[260, 260]])
    expect(await query(`${counts}issue_events`)).toEqual([[267, 267]])
    expect(await query('SELECT state, count(*)::INT FROM github_data.issues GROUP BY state ORDER BY state')).toEqual([
      ['closed', 7],
      ['open', 253],
    ])
    expect(await query('SELECT max(id) FROM github_data.issues')).toEqual([['9007199254000260']])
  })

  test('loads nothing where nothing changed', async () => {
    await using server = await startApiServer({ token })
    const source = github({ url: server.url, repository: 'acme/rocket', token })
    await newPipeline().run(source)
    const again = await newPipeline().run(source)
    expect(again.rowCounts).not.toHaveProperty('issues')
  })

  test('waits when it asks too often, and tries again what failed on the way', async () => {
    await using server = await startApiServer({ token, requestsBeforePause: 60, failEvery: 11 })
    await newPipeline().run(github({ url: server.url, repository: 'acme/rocket', token }))
    expect(server.answers.get(200)).toBe(3 + 240)
    expect(server.answers.get(502)).toBeGreaterThan(10)
    expect(server.answers.get(429)).toBeGreaterThan(0)
  })

  test('with a wrong token fails, commits nothing, and shows no token', async () => {
    await using server = await startApiServer({ token })
    const wrong = 'wrong-token-4711'
    const failure = await newPipeline()
      .run(github({ url: server.url, repository: 'acme/rocket', token: wrong }))
      .catch((error: unknown) => error)
    expect(String(failure)).toMatch(/Resource "issues".*401/s)
    expect(String(failure)).not.toContain(wrong)
    expect(await newPipeline().pendingPackages()).toEqual([])
  })
})

describe('the API', () => {
  const ask = (url: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}/repos/acme/rocket/${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } })

  test('gives pages with links', async () => {
    await using server = await startApiServer({ token })
    const page = await ask(server.url, 'issues?state=all&per_page=100&page=2')
    expect(await page.json()).toHaveLength(100)
    expect(page.headers.get('link')).toContain(`${server.url}/repos/acme/rocket/issues?state=all&per_page=100&page=3`)
    const last = await ask(server.url, 'issues?state=all&per_page=100&page=3')
    expect(await last.json()).toHaveLength(40)
    expect(last.headers.get('link')).toBeNull()
  })

  test('refuses what it does not know', async () => {
    await using server = await startApiServer({ token })
    const statuses = [
      await ask(server.url, 'issues?colour=red'),
      await ask(server.url, 'pulls'),
      await ask(server.url, 'issues/9999/events'),
      await ask(server.url, 'issues', { authorization: 'Bearer other' }),
    ].map(({ status }) => status)
    expect(statuses).toEqual([422, 404, 404, 401])
  })

  test('limits how often it is asked, and fails now and then', async () => {
    await using server = await startApiServer({ token, requestsBeforePause: 3, failEvery: 2 })
    const answers = [
      await ask(server.url, 'issues'),
      await ask(server.url, 'issues'),
      await ask(server.url, 'issues'),
      await ask(server.url, 'issues'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 502, 200, 429])
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('1')
  })
})

test('the README shows the connector as it is', async () => {
  const read = (path: string) => readFile(join(import.meta.dirname, '..', path), 'utf8')
  const [, source = 'no connector'] = (await read('src/github.ts')).split(/(?=export const github)/)
  expect(await read('README.md')).toContain(source)
})
