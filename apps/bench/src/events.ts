import type { Random } from './random.ts'

/** A commit of a push: becomes a row of `events__payload__commits`. */
interface Commit {
  readonly sha: string
  readonly author: { readonly email: string; readonly name: string }
  readonly message: string
  readonly distinct: boolean
  readonly url: string
}

/** A label: becomes a row of `events__payload__labels`. */
interface Label {
  readonly id: number
  readonly name: string
  readonly color: string
  readonly default: boolean
}

const eventTypes = ['PushEvent', 'PushEvent', 'IssuesEvent', 'WatchEvent', 'ForkEvent', 'CreateEvent'] as const
const actions = ['opened', 'closed', 'reopened', 'labeled', 'started'] as const
const labelNames = ['bug', 'enhancement', 'question', 'good first issue', 'documentation', 'wontfix'] as const
const words = [
  ...['fix', 'add', 'remove', 'update', 'rename', 'move', 'the', 'parser', 'writer', 'tests', 'for', 'of', 'empty'],
  ...['values', 'schema', 'when', 'table', 'is', 'missing', 'and', 'column', 'types', 'are', 'wider', 'than', 'before'],
] as const

const firstEventAt = Date.UTC(2024, 0, 1)

/**
 * An event of a code hosting site: about 900 bytes of JSON with nested objects and two lists of objects.
 * The same ordinals and the same random numbers make the same event.
 */
export function createEvent(random: Random, ordinal: number): object {
  const actorId = random.integer(50_000)
  const repoId = random.integer(20_000)
  const owner = `owner-${repoId % 4000}`
  const repoName = `${owner}/project-${repoId}`
  const type = random.pick(eventTypes)
  const push = type === 'PushEvent'
  const commits = push ? Array.from({ length: 1 + random.integer(2) }, () => createCommit(random, repoName)) : []
  return {
    id: String(24_000_000_000 + ordinal),
    type,
    actor: {
      id: actorId,
      login: `user-${actorId}`,
      display_login: `user-${actorId}`,
      gravatar_id: '',
      url: `https://api.example.com/users/user-${actorId}`,
      avatar_url: `https://avatars.example.com/u/${actorId}?`,
    },
    repo: { id: repoId, name: repoName, url: `https://api.example.com/repos/${repoName}` },
    payload: push
      ? {
          push_id: 9_000_000_000 + ordinal,
          size: commits.length,
          distinct_size: commits.filter((commit) => commit.distinct).length,
          ref: 'refs/heads/main',
          head: random.hexadecimal(40),
          before: random.hexadecimal(40),
          commits,
        }
      : createIssuePayload(random, ordinal, repoName),
    public: true,
    created_at: new Date(firstEventAt + ordinal * 1500 + random.integer(1500)).toISOString(),
    ...(repoId % 3 === 0 && {
      org: {
        id: 100_000 + (repoId % 4000),
        login: owner,
        gravatar_id: '',
        url: `https://api.example.com/orgs/${owner}`,
        avatar_url: `https://avatars.example.com/u/${100_000 + (repoId % 4000)}?`,
      },
    }),
  }
}

function createCommit(random: Random, repoName: string): Commit {
  const sha = random.hexadecimal(40)
  const author = random.integer(50_000)
  return {
    sha,
    author: { email: `user-${author}@example.com`, name: `User Number ${author}` },
    message: sentence(random, 6 + random.integer(8)),
    distinct: random.fraction() < 0.9,
    url: `https://api.example.com/repos/${repoName}/commits/${sha}`,
  }
}

function createIssuePayload(random: Random, ordinal: number, repoName: string): object {
  const number = 1 + random.integer(9000)
  return {
    action: random.pick(actions),
    issue: {
      id: 2_000_000_000 + ordinal,
      number,
      title: sentence(random, 5 + random.integer(5)),
      state: random.fraction() < 0.5 ? 'open' : 'closed',
      comments: random.integer(40),
      score: Math.round(random.fraction() * 1_000_000) / 1_000_000,
      body: sentence(random, 6 + random.integer(8)),
      url: `https://api.example.com/repos/${repoName}/issues/${number}`,
      locked: random.fraction() < 0.05,
      updated_at: new Date(firstEventAt + ordinal * 1500).toISOString(),
    },
    labels: Array.from({ length: random.integer(2) }, () => createLabel(random)),
  }
}

function createLabel(random: Random): Label {
  const id = random.integer(5000)
  return { id: 300_000_000 + id, name: random.pick(labelNames), color: random.hexadecimal(6), default: id % 2 === 0 }
}

function sentence(random: Random, length: number): string {
  let text: string = random.pick(words)
  for (let word = 1; word < length; word++) text += ` ${random.pick(words)}`
  return text
}
