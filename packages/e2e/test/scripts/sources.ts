import dlt from '@dlt/core'
import { createSchema, schemaFromJson, schemaToJson } from '@dlt/schema'
import * as v from 'valibot'
import type { Scripts } from './script.ts'

const shop = dlt.source(
  { name: 'shop', maxTableNesting: 1, config: v.object({ count: v.optional(v.number(), 2) }) },
  ({ count }) => {
    const ids = Array.from({ length: count }, (_, id) => id)
    return [
      dlt.resource({ name: 'customers', primaryKey: 'id' }, () =>
        ids.map((id) => ({ id, address: { city: { name: 'x' } }, tags: [{ t: [1] }] })),
      ),
      dlt.resource({ name: 'orders', writeDisposition: 'replace' }, () =>
        ids.map((id) => ({ id, lines: [{ product: 'p', parts: [1, 2] }] })),
      ),
    ]
  },
)

/** Counterparts of `fixtures/scripts/sources.py`. */
export const sourceScripts: Scripts = {
  'source-of-two-resources': async (run) => {
    await run(shop())
    await run(shop({ count: 3 }))
  },

  'resources-that-are-chosen': async (run) => {
    await run(shop().withResources('orders'))
    await run(shop().withResources('customers'))
  },

  'source-with-another-name': (run) => run(shop.clone({ name: 'other_shop' })()),

  'two-sources-in-one-run': (run) => {
    const office = dlt.source({ name: 'office' }, () => [dlt.resource({ name: 'rooms' }, [{ room: 1 }])])
    return run([shop(), office()])
  },

  'source-and-resource-in-one-run': async (run) => {
    await run(shop())
    await run(dlt.resource({ name: 'labels' }, [{ label: 'x' }]))
  },

  'resources-made-in-a-loop': (run) => {
    const api = dlt.source(
      { name: 'api', config: v.object({ endpoints: v.array(v.string()) }) },
      function* ({ endpoints }) {
        for (const endpoint of endpoints) yield dlt.resource({ name: endpoint }, [{ endpoint }])
      },
    )
    return run(api({ endpoints: ['a', 'b'] }))
  },

  'source-with-root-keys': (run) => {
    const keyed = dlt.source({ name: 'keyed', rootKey: true }, () => [
      dlt.resource({ name: 'items' }, [{ id: 1, list: [{ x: 1, inner: [2] }] }]),
    ])
    return run(keyed())
  },

  'source-with-limit': (run) => {
    const many = dlt.source({ name: 'many' }, () =>
      ['one', 'two'].map((name) =>
        dlt.resource({ name }, function* () {
          for (let n = 0; n < 10; n++) yield { n }
        }),
      ),
    )
    return run(many().addLimit(2))
  },

  'source-with-an-unselected-resource': (run) => {
    const partial = dlt.source({ name: 'partial' }, () => [
      dlt.resource({ name: 'hidden', selected: false }, [{ a: 1 }]),
      dlt.resource({ name: 'shown' }, [{ a: 2 }]),
    ])
    return run(partial())
  },

  'source-with-a-schema': (run) => {
    const fresh = createSchema('measured')
    const settings = { ...fresh.settings, preferred_types: { 're:_at$': 'timestamp' as const } }
    // Without a hash the document is counted when it is read, as a file that somebody edited is.
    const schema = schemaFromJson(schemaToJson({ ...fresh, settings, version_hash: '' }))
    const measured = dlt.source({ name: 'measured', schema }, () => [
      dlt.resource({ name: 'points' }, [{ id: 1, seen_at: 1704067200 }]),
    ])
    return run(measured())
  },

  'nesting-of-a-source': (run) => {
    const data = [{ a: { b: 1 }, list: [1] }]
    const deep = dlt.source({ name: 'deep', maxTableNesting: 0 }, () => [
      dlt.resource({ name: 'flat' }, data),
      dlt.resource({ name: 'open', maxTableNesting: 2 }, data),
    ])
    return run(deep())
  },
}
