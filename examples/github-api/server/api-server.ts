import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { eventsOf, issuesAt } from './issues.ts'

/** A running API. */
export interface ApiServer extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  readonly url: string
  /** Requests so far by what was answered, for instance `429`. */
  readonly answers: ReadonlyMap<number, number>
  /** Time passes: issues are closed, others are opened. */
  advance(): void
}

/** How the API behaves. */
export interface ApiServerOptions {
  /** The token that requests must carry. */
  readonly token: string
  /** Requests before it wants a pause of a second: until then the answer is 429 with `Retry-After`. Default: 100. */
  readonly requestsBeforePause?: number
  /** Each how many requests one fails with 502. Default: 17. */
  readonly failEvery?: number
  /** Milliseconds before each answer. Default: 0. */
  readonly latency?: number
}

const parameters = ['state', 'sort', 'direction', 'since', 'per_page', 'page']

/**
 * An HTTP API like that of GitHub, for one repository: `/repos/acme/rocket/issues` in pages with `Link` headers, and
 * `/repos/acme/rocket/issues/{number}/events`. It wants a token, limits how often it is asked, fails now and then, and refuses
 * what it does not know.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const answers = new Map<number, number>()
  const { latency = 0 } = options
  const gate = requestGate(options)
  let version = 0
  const server = createServer((request, response) => {
    const answer = gate(request) ?? route(request, version)
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
    setTimeout(() => send(response, answer), latency)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    advance: () => {
      version++
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections()
        server.close((error) => (error === undefined ? resolve() : reject(error)))
      }),
  }
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

// What is asked before anything else: the token, the rate limit, the bad luck.
function requestGate({ token, requestsBeforePause = 100, failEvery = 17 }: ApiServerOptions) {
  let count = 0
  let pauseEnds = 0
  return ({ headers }: IncomingMessage): Answer | undefined => {
    if (headers.authorization !== `Bearer ${token}`) return problem(401, 'Bad credentials')
    if (Date.now() < pauseEnds) return { ...problem(429, 'API rate limit exceeded'), headers: { 'retry-after': '1' } }
    count++
    if (count % requestsBeforePause === 0) pauseEnds = Date.now() + 1000
    return count % failEvery === 0 ? problem(502, 'Bad gateway') : undefined
  }
}

function route({ method, url = '/', headers }: IncomingMessage, version: number): Answer {
  const target = new URL(url, `http://${headers.host ?? 'localhost'}`)
  if (method !== 'GET') return problem(405, 'Method not allowed')
  const [, number] = /^\/repos\/acme\/rocket\/issues(?:\/(\d+)\/events)?$/.exec(target.pathname) ?? [undefined]
  if (!target.pathname.startsWith('/repos/acme/rocket/issues')) return problem(404, 'Not found')
  const unknown = [...target.searchParams.keys()].find((key) => !parameters.includes(key))
  if (unknown !== undefined) return problem(422, `Unknown parameter ${unknown}`)
  if (number === undefined)
    return target.pathname.endsWith('/issues') ? issuePage(target, version) : problem(404, 'Not found')
  const issue = issuesAt(version).find((one) => one.number === Number(number))
  return issue === undefined ? problem(404, 'Not found') : { status: 200, body: eventsOf(issue) }
}

function issuePage(target: URL, version: number): Answer {
  const query = target.searchParams
  const size = Math.min(Number(query.get('per_page') ?? 30), 100)
  const page = Number(query.get('page') ?? 1)
  const since = query.get('since') ?? ''
  const state = query.get('state') ?? 'open'
  const found = issuesAt(version).filter(
    (issue) => issue.updated_at >= since && (state === 'all' || issue.state === state),
  )
  if (query.get('direction') !== 'asc') found.reverse()
  const pages = Math.max(1, Math.ceil(found.length / size))
  return {
    status: 200,
    body: found.slice((page - 1) * size, page * size),
    headers: page < pages ? { link: links(target, page, pages) } : {},
  }
}

function links(target: URL, page: number, pages: number): string {
  const link = (to: number, relation: string): string => {
    const url = new URL(target)
    url.searchParams.set('page', String(to))
    return `<${url}>; rel="${relation}"`
  }
  return [link(page + 1, 'next'), link(pages, 'last')].join(', ')
}

function problem(status: number, message: string): Answer {
  return { status, body: { message } }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}
