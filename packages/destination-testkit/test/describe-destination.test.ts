import { expect, it } from 'vitest'
import { createVitest } from 'vitest/node'
import { conformanceCases } from '../src/index.ts'

it('a case may take two minutes, or what a slow destination asks for', async () => {
  const vitest = await createVitest(
    'test',
    { config: false, include: ['test/declared/destinations.ts'], root: `${import.meta.dirname}/..`, watch: false },
    { ssr: { resolve: { conditions: ['@dlt/source', 'module', 'node', 'development|production'] } } },
  )
  try {
    const { testModules } = await vitest.collect([], { staticParse: false })
    const [usual, slow] = testModules.flatMap(({ children }) => [...children.suites()])
    const timeouts = [usual, slow].map((suite) =>
      [...(suite?.children.allTests() ?? [])].map((test) => test.options.timeout),
    )
    expect(timeouts).toEqual([conformanceCases.map(() => 120_000), conformanceCases.map(() => 600_000)])
  } finally {
    await vitest.close()
  }
})
