import type { Scenario } from './scenario.ts'

/** What of a scenario decides what is read. */
export type ReadScenario = Pick<Scenario, 'tables' | 'change'>

/** Something that no reader may ever see in a dataset. */
export interface DatasetCheck {
  readonly problem: string
  /** What to select the rows from that should not be there. */
  readonly rows: string
}

const finishedLoads = '(SELECT load_id FROM shop._dlt_loads WHERE status = 0)'

const moreThanOnce = (table: string, column: string): string =>
  `(SELECT ${column} FROM shop.${table} GROUP BY ${column} HAVING count(*) > 1)`

const dltChecks: Readonly<Record<string, readonly DatasetCheck[]>> = {
  _dlt_loads: [
    { problem: 'a load more than once', rows: moreThanOnce('_dlt_loads', 'load_id') },
    {
      problem: 'a load whose schema is not stored',
      rows: 'shop._dlt_loads WHERE schema_version_hash NOT IN (SELECT version_hash FROM shop._dlt_version)',
    },
  ],
  _dlt_version: [{ problem: 'a schema more than once', rows: moreThanOnce('_dlt_version', 'version_hash') }],
  _dlt_pipeline_state: [
    { problem: 'a state more than once', rows: moreThanOnce('_dlt_pipeline_state', 'version') },
    {
      problem: 'a state of a load that is not finished',
      rows: `shop._dlt_pipeline_state WHERE _dlt_load_id NOT IN ${finishedLoads}`,
    },
  ],
}

/** Where tables are dropped, the schemas of earlier loads are forgotten, as in the reference system: one is always there. */
const forgetfulChecks: typeof dltChecks = {
  ...dltChecks,
  _dlt_loads: [
    { problem: 'a load more than once', rows: moreThanOnce('_dlt_loads', 'load_id') },
    {
      problem: 'no schema',
      rows: '(SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM shop._dlt_version))',
    },
  ],
}

const keepsSchemas: ReadonlySet<string> = new Set(['drop_data', 'alter'])

const rootChecks = (table: string): readonly DatasetCheck[] => [
  {
    problem: `a row in "${table}" of a load that is not finished`,
    rows: `shop.${table} WHERE _dlt_load_id NOT IN ${finishedLoads}`,
  },
  {
    problem: `a day in "${table}" of several loads`,
    rows: `(SELECT day FROM shop.${table} GROUP BY day HAVING count(DISTINCT _dlt_load_id) > 1)`,
  },
  {
    problem: `a load id in "${table}" that did not grow`,
    rows: `(SELECT day, max(_dlt_load_id::DOUBLE) AS id FROM shop.${table} GROUP BY day) earlier
      JOIN (SELECT day, min(_dlt_load_id::DOUBLE) AS id FROM shop.${table} GROUP BY day) later
      ON earlier.day < later.day AND earlier.id > later.id`,
  },
]

const nestedCheck = (parent: string, child: string): DatasetCheck => ({
  problem: `a row in "${child}" without its parent`,
  rows: `shop.${child} WHERE _dlt_parent_id NOT IN (SELECT _dlt_id FROM shop.${parent})`,
})

/** The checks of a dataset, for those of its tables that are there. */
export function checksOf({ tables, change }: ReadScenario, present: ReadonlySet<string>): readonly DatasetCheck[] {
  const nested = tables.flatMap((table) => [
    [table, `${table}__lines`] as const,
    [`${table}__lines`, `${table}__lines__tags`] as const,
  ])
  return [
    ...Object.entries(change === undefined || keepsSchemas.has(change) ? dltChecks : forgetfulChecks).flatMap(
      ([table, checks]) => (present.has(table) ? checks : []),
    ),
    ...tables.filter((table) => present.has(table)).flatMap(rootChecks),
    ...nested.filter(([, child]) => present.has(child)).map(([parent, child]) => nestedCheck(parent, child)),
  ]
}
