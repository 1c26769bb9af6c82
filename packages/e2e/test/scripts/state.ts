import dlt from '@dlt/core'
import { Decimal } from 'decimal.js'
import type { Scripts } from './script.ts'

function counting(name: string, writeDisposition: 'append' | 'replace' = 'append') {
  return dlt.resource({ name, writeDisposition }, function* ({ state }) {
    const calls = Number(state['calls'] ?? 0) + 1
    state['calls'] = calls
    yield { calls }
  })
}

/** Counterparts of `fixtures/scripts/state.py`. */
export const stateScripts: Scripts = {
  'state-of-a-resource': async (run) => {
    await run(counting('counts'))
    await run(counting('counts'))
  },

  'state-of-a-source': async (run) => {
    const seeing = (name: string, x: number) =>
      dlt.resource({ name }, function* ({ sourceState }) {
        const { seen } = sourceState
        sourceState['seen'] = [...(Array.isArray(seen) ? seen : []), name]
        yield { x }
      })
    const shared = dlt.source({ name: 'shared' }, () => [seeing('first', 1), seeing('second', 2)])
    await run(shared())
    await run(shared().withResources('second'))
  },

  'typed-values-in-the-state': async (run) => {
    const typed = dlt.resource({ name: 'typed' }, function* ({ state }) {
      yield { known: Object.keys(state).sort() }
      state['at'] = new Date('2024-01-02T03:04:05.678Z')
      state['price'] = new Decimal('1.15')
      state['bytes'] = Uint8Array.of(0, 1)
      state['large'] = 9007199254740991n
      state['nested'] = { list: [1, null, true, 'x'], float: 1.5 }
    })
    await run(typed)
    await run(typed)
  },

  'state-of-a-replaced-resource': async (run) => {
    const both = [counting('kept'), counting('replaced', 'replace')]
    await run(both)
    await run(both)
  },

  'state-that-does-not-change': async (run) => {
    const steady = dlt.resource({ name: 'steady' }, function* ({ state }) {
      state['is'] = 'the same'
      yield { x: 1 }
    })
    await run(steady)
    await run(steady)
  },

  'state-that-is-cleared': async (run) => {
    const cleared = dlt.resource({ name: 'cleared' }, function* ({ state }) {
      if ('first' in state) delete state['first']
      else {
        state['first'] = 1
        state['second'] = { a: [] }
      }
      yield { keys: Object.keys(state).sort() }
    })
    await run(cleared)
    await run(cleared)
  },

  'state-without-rows': (run) =>
    run(
      dlt.resource({ name: 'empty' }, ({ state }) => {
        state['looked'] = true
        return []
      }),
    ),
}
