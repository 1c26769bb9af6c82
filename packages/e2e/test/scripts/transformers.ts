import dlt from '@dlt/core'
import * as v from 'valibot'
import type { Scripts } from './script.ts'

const users = dlt.resource({ name: 'users', selected: false }, [
  { id: 1, name: 'ada' },
  { id: 2, name: 'grace' },
])

/** Counterparts of `fixtures/scripts/transformers.py`. */
export const transformerScripts: Scripts = {
  'transformer-in-a-pipe': (run) =>
    run(
      users.pipe(
        dlt.transformer({ name: 'details' }, function* (user: { id: number }) {
          yield { user: user.id, scores: [user.id, 10] }
        }),
      ),
    ),

  'transformer-that-returns': (run) =>
    run(dlt.transformer({ name: 'names', primaryKey: 'name', dataFrom: users }, ({ name }) => [{ name }])),

  'parent-that-is-loaded-too': (run) => {
    let reads = 0
    const orders = dlt.resource({ name: 'orders' }, function* () {
      reads++
      for (const id of [1, 2, 3]) yield { id, reads }
    })
    const lines = dlt.transformer({ name: 'lines', dataFrom: orders }, function* (order) {
      yield Array.from({ length: order.id }, (_, line) => ({ order: order.id, line }))
    })
    const invoices = dlt.transformer({ name: 'invoices', dataFrom: orders }, ({ id }) => ({
      order: id,
      total: id * 1.5,
    }))
    const shop = dlt.source({ name: 'shop' }, () => [orders, lines, invoices])
    return run(shop())
  },

  'transformer-of-a-transformer': (run) => {
    const posts = dlt.transformer({ name: 'posts' }, function* (user: { id: number; name: string }) {
      for (let post = 0; post < user.id; post++) yield { author: user.name, post }
    })
    const words = dlt.transformer({ name: 'words' }, ({ author, post }: { author: string; post: number }) => ({
      word: `${author} ${post}`,
    }))
    const blog = dlt.source({ name: 'blog' }, () => {
      const written = users.pipe(posts)
      return [written, written.pipe(words)]
    })
    return run(blog())
  },

  'parent-that-is-not-selected': (run) => {
    const forge = dlt.source({ name: 'forge' }, () => {
      const repos = dlt.resource({ name: 'repos' }, [{ repo: 1 }, { repo: 2 }])
      return [repos, dlt.transformer({ name: 'stars', dataFrom: repos }, ({ repo }) => ({ repo, stars: repo * 100 }))]
    })
    return run(forge().withResources('stars'))
  },

  'transformer-with-arguments': (run) => {
    const scaled = dlt.transformer(
      { name: 'scaled', config: v.object({ factor: v.number(), add: v.optional(v.number(), 0) }) },
      (user: { id: number }, { config }) => ({ value: user.id * config.factor + config.add }),
    )
    return run(users.pipe(scaled({ factor: 10, add: 1 })))
  },

  'transformer-with-steps': (run) => {
    const details = dlt.transformer({ name: 'details' }, ({ id }: { id: number }) => ({ id, even: id % 2 === 0 }))
    return run(
      users
        .pipe(details)
        .addFilter(({ even }) => even)
        .addMap((item) => ({ ...item, seen: true })),
    )
  },

  'transformer-over-a-list': (run) => {
    const squares = dlt.transformer({ name: 'squares' }, ({ n }: { n: number }) => ({ n, square: n * n }))
    return run(dlt.resource({ name: 'numbers', selected: false }, [{ n: 1 }, { n: 3 }]).pipe(squares))
  },
}
