/** An issue as the API gives it: objects within objects, and lists of objects. */
export interface Issue {
  readonly id: number
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'closed'
  readonly created_at: string
  readonly updated_at: string
  readonly closed_at: string | null
  readonly user: { readonly login: string; readonly id: number; readonly plan: { readonly name: string } }
  readonly labels: readonly { readonly id: number; readonly name: string; readonly color: string }[]
  readonly reactions: {
    readonly total_count: number
    readonly by_kind: { readonly heart: number; readonly eyes: number }
  }
}

/** Something that happened to an issue. */
export interface IssueEvent {
  readonly id: number
  readonly event: string
  readonly created_at: string
  readonly actor: { readonly login: string }
}

const labels = [
  { id: 1, name: 'bug', color: 'd73a4a' },
  { id: 2, name: 'documentation', color: '0075ca' },
  { id: 3, name: 'good first issue', color: '7057ff' },
] as const

const people = ['ada', 'grace', 'edsger', 'barbara', 'tony'] as const

const minute = 60_000
const firstDay = Date.UTC(2026, 0, 1)

/** The issues of a repository at a version: each version closes some issues and opens others, later than all before. */
export function issuesAt(version: number): readonly Issue[] {
  const count = 240 + 20 * version
  return Array.from({ length: count }, (_, index) => issue(index + 1, version)).sort((left, right) =>
    left.updated_at === right.updated_at ? left.number - right.number : left.updated_at < right.updated_at ? -1 : 1,
  )
}

/** What happened to an issue so far. */
export function eventsOf({ number, created_at, closed_at, user }: Issue): readonly IssueEvent[] {
  const opened = { id: number * 10, event: 'opened', created_at, actor: { login: user.login } }
  if (closed_at === null) return [opened]
  return [opened, { id: number * 10 + 1, event: 'closed', created_at: closed_at, actor: { login: 'ada' } }]
}

function issue(number: number, version: number): Issue {
  const created = firstDay + number * 7 * minute
  const closingVersion = number % 9 === 0 ? (number % 4) + 1 : undefined
  const isClosed = closingVersion !== undefined && closingVersion <= version
  // Several issues are closed by one commit, at the same moment.
  const closed = isClosed ? firstDay + closingVersion * 10_000 * minute + (number % 3) * minute : undefined
  const login = people[number % people.length] ?? 'ada'
  return {
    id: 9_007_199_254_000_000 + number,
    number,
    title: `Issue ${number}${number % 5 === 0 ? ': naïve café 🚀' : ''}`,
    state: isClosed ? 'closed' : 'open',
    created_at: iso(created),
    updated_at: iso(closed ?? created),
    closed_at: closed === undefined ? null : iso(closed),
    user: { login, id: (number % people.length) + 100, plan: { name: number % 2 === 0 ? 'free' : 'pro' } },
    labels: labels.filter((label) => number % (label.id + 1) === 0),
    reactions: { total_count: number % 4, by_kind: { heart: number % 3, eyes: number % 2 } },
  }
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000', '')
}
