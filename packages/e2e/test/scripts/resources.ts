import dlt from '@dlt/core'
import type { Scripts } from './script.ts'

/** Counterparts of `fixtures/scripts/resources.py`. */
export const resourceScripts: Scripts = {
  'resource-of-single-items': (run) =>
    run(
      dlt.resource({ name: 'people' }, function* () {
        for (const id of [1, 2, 3]) yield { id, tags: Array.from({ length: id - 1 }, () => 't') }
      }),
    ),

  'resource-of-pages': (run) =>
    run(
      dlt.resource({ name: 'people' }, function* () {
        yield [{ id: 1 }, { id: 2 }]
        yield []
        yield [{ id: 3 }]
      }),
    ),

  'resource-that-returns-a-list': (run) =>
    run(dlt.resource({ name: 'people', primaryKey: 'id' }, () => [{ id: 1 }, { id: 2 }])),

  'resource-with-arguments': (run) => {
    const numbers = (start: number, count: number) => Array.from({ length: count }, (_, at) => ({ n: start + at }))
    return run([
      dlt.resource({ name: 'small' }, () => numbers(1, 2)),
      dlt.resource({ name: 'large' }, () => numbers(100, 3)),
    ])
  },

  'table-named-by-item': (run) =>
    run(
      dlt.resource({ name: 'events', tableName: (event: { type: string }) => `${event.type}_event` }, function* () {
        yield { type: 'push', size: 1 }
        yield [
          { type: 'watch', by: { id: 7 } },
          { type: 'push', size: 2, files: ['a'] },
        ]
      }),
    ),

  'hints-named-by-item': async (run) => {
    const events = (amount: number) =>
      dlt.resource(
        {
          name: 'events',
          tableName: ({ type }: { type: string }) => type,
          writeDisposition: ({ type }: { type: string }) => (type === 'state' ? 'replace' : 'append'),
          primaryKey: ({ type }: { type: string }) => (type === 'state' ? 'id' : []),
          columns: ({ type }: { type: string }) => (type === 'push' ? { amount: { data_type: 'double' } } : {}),
        },
        function* () {
          yield { type: 'push', amount }
          yield { type: 'state', id: amount, text: 'x' }
        },
      )
    await run(events(1))
    await run(events(2))
  },

  'items-marked-with-a-table': (run) =>
    run(
      dlt.resource({ name: 'events' }, function* () {
        yield dlt.withTableName({ id: 1 }, 'pushes')
        yield { id: 2 }
        yield dlt.withTableName([{ id: 3 }, { id: 4, more: true }], 'pushes')
      }),
    ),

  'items-marked-with-hints': (run) =>
    run(
      dlt.resource({ name: 'events' }, function* () {
        yield { id: 1 }
        yield dlt.withHints(
          { id: 2, amount: 3 },
          { columns: [{ name: 'amount', data_type: 'decimal' }], primaryKey: 'id' },
        )
        yield { id: 3, amount: 4 }
      }),
    ),

  'table-variants': async (run) => {
    const documents = dlt.resource({ name: 'documents' }, function* () {
      for (const kind of ['plain', 'rich']) {
        yield dlt.withHints(
          { id: 1, body: 'x' },
          {
            tableName: `documents_${kind}`,
            writeDisposition: kind === 'rich' ? 'replace' : 'append',
            columns: [{ name: 'body', data_type: kind === 'rich' ? 'json' : 'text' }],
          },
          { createTableVariant: true },
        )
      }
      yield dlt.withTableName({ id: 2, body: 'y' }, 'documents_plain')
    })
    await run(documents)
    await run(documents)
  },

  mapped: (run) =>
    run(
      dlt
        .resource({ name: 'people' }, function* () {
          yield { id: 1, name: 'ada' }
          yield [{ id: 2, name: 'grace' }]
        })
        .addMap((person) => ({ ...person, name: person.name.toUpperCase() })),
    ),

  filtered: (run) =>
    run(
      dlt
        .resource({ name: 'people' }, function* () {
          yield [{ id: 1 }, { id: 2 }, { id: 3 }]
          yield [{ id: 5 }]
          yield { id: 4 }
        })
        .addFilter(({ id }) => id % 2 === 0),
    ),

  expanded: (run) =>
    run(
      dlt.resource({ name: 'numbers' }, [{ n: 0 }, { n: 1 }, { n: 2 }]).addYieldMap(function* (item) {
        for (let copy = 0; copy < item.n; copy++) yield { ...item, copy }
      }),
    ),

  'steps-in-order': (run) =>
    run(
      dlt
        .resource(
          { name: 'numbers' },
          [0, 1, 2, 3, 4, 5].map((n) => ({ n })),
        )
        .addMap(({ n }) => ({ n: n * 10 }))
        .addFilter(({ n }) => n >= 30)
        .addMap(({ n }) => ({ n: n + 1 }), { insertAt: 0 }),
    ),

  limited: (run) => {
    function* pages() {
      for (let page = 0; page < 10; page++) yield [0, 1].map((at) => ({ page, at }))
    }
    function* items() {
      for (let n = 0; n < 10; n++) yield { n }
    }
    return run([
      dlt.resource({ name: 'pages' }, pages).addLimit(2),
      dlt.resource({ name: 'items' }, items).addLimit(3),
      dlt.resource({ name: 'rows' }, pages).addLimit({ maxItems: 5, countRows: true }),
    ])
  },

  'limited-behind-a-filter': (run) =>
    run(
      dlt
        .resource({ name: 'pages' }, function* () {
          for (const n of [0, 1, 2, 3, 4]) yield [{ n }]
          yield []
          for (const n of [5, 6, 7, 8, 9]) yield [{ n }]
        })
        .addFilter(({ n }) => n >= 4)
        .addLimit(4),
    ),

  'hints-applied-later': (run) =>
    run(
      dlt
        .resource({ name: 'people', columns: { id: { data_type: 'text' }, born: { data_type: 'date' } } }, [
          { id: 1, born: '1815-12-10', name: 'Ada' },
        ])
        .applyHints({
          tableName: 'persons',
          primaryKey: 'id',
          columns: [{ name: 'name', data_type: 'text', nullable: false }],
        }),
    ),

  'resource-with-another-name': async (run) => {
    const people = dlt.resource({ name: 'people' }, function* ({ state }) {
      const count = Number(state['count'] ?? 0) + 1
      state['count'] = count
      yield { count }
    })
    await run([people, people.withName('persons')])
    await run(people.withName('persons'))
  },

  'nesting-of-a-resource': (run) => {
    const data = [{ id: 1, a: { b: { c: 1 } }, list: [{ x: [1] }] }]
    return run([
      dlt.resource({ name: 'flat', maxTableNesting: 0 }, data),
      dlt.resource({ name: 'shallow', maxTableNesting: 1 }, data),
    ])
  },

  'hints-of-nested-tables': (run) =>
    run(
      dlt.resource(
        {
          name: 'customers',
          nestedHints: {
            purchases: { columns: [{ name: 'price', data_type: 'decimal' }] },
            'purchases.coupons': { columns: [{ name: 'code', data_type: 'text' }] },
          },
        },
        [{ id: 1, purchases: [{ price: 1, coupons: [{ code: 5 }] }] }],
      ),
    ),

  'empty-table-with-columns': (run) =>
    run([
      dlt.resource({ name: 'declared', columns: [{ name: 'id', data_type: 'bigint' }] }, function* () {
        yield dlt.materializeTable()
      }),
      dlt.resource({ name: 'silent', columns: [{ name: 'id', data_type: 'bigint' }] }, []),
    ]),

  'keys-and-references': (run) =>
    run(
      dlt.resource(
        {
          name: 'orders',
          primaryKey: ['id', 'line'],
          mergeKey: 'day',
          columns: {
            day: { data_type: 'date', partition: true },
            amount: { precision: 10, scale: 2, data_type: 'decimal' },
          },
          references: [{ columns: ['customer'], referenced_table: 'customers', referenced_columns: ['id'] }],
        },
        [{ id: 1, line: 1, day: '2024-01-01', amount: '1.5', customer: 7 }],
      ),
    ),

  'custom-metrics-do-not-change-data': (run) =>
    run(
      dlt.resource({ name: 'people' }, [{ id: 1 }, { id: 2 }]).addMetrics((_item, metrics) => {
        metrics['count'] = Number(metrics['count'] ?? 0) + 1
      }),
    ),
}
