import dlt from '@dlt/core'
import ky from 'ky'
import * as v from 'valibot'
import type { Issue, IssueEvent } from '../server/issues.ts'

/**
 * Issues of a repository and what happened to them. Only issues that changed since the last run are asked for, oldest change first;
 * for each of them its events are fetched, eight at a time.
 */
export const github = dlt.source(
  {
    name: 'github',
    config: v.object({
      url: v.optional(v.string(), 'https://api.github.com'),
      repository: v.string(),
      token: dlt.secret(v.string()),
    }),
  },
  ({ url, repository, token }) => {
    // ky waits as long as `Retry-After` says, and tries again what fails on the way.
    const api = ky.create({
      baseUrl: `${url}/repos/${repository}/`,
      headers: { authorization: `Bearer ${token}` },
      retry: { limit: 8, statusCodes: [429, 502, 503], backoffLimit: 1000 },
      timeout: 10_000,
    })
    const issues = dlt.resource(
      {
        name: 'issues',
        primaryKey: 'id',
        writeDisposition: 'merge',
        incremental: { cursorPath: 'updated_at', initialValue: '2020-01-01T00:00:00Z', rowOrder: 'asc' },
      },
      async function* ({ incremental, signal }) {
        const query = {
          state: 'all',
          sort: 'updated',
          direction: 'asc',
          per_page: '100',
          since: incremental.startValue,
        }
        let page: string | undefined = `issues?${new URLSearchParams(query)}`
        while (page !== undefined) {
          const response = await api.get(page, { signal })
          yield await response.json<Issue[]>()
          page = nextPage(response.headers.get('link'))
        }
      },
    )
    const events = dlt.transformer(
      { name: 'issue_events', dataFrom: issues, concurrency: 8, primaryKey: 'id', writeDisposition: 'merge' },
      async (issue, { signal }) => {
        const found = await api.get(`issues/${issue.number}/events`, { signal }).json<IssueEvent[]>()
        return found.map((event) => ({ issue_id: issue.id, ...event }))
      },
    )
    return [issues, events]
  },
)

function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(link ?? '')?.[1]
}
