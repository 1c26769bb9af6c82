import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, declareMissing, psql, sharedPostgres } from '@dlt/test-services'
import { expect, test } from 'vitest'
import { runShop } from './shop-run.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
declareMissing('Postgres', missing)

test.skipIf(missing !== undefined)(
  'sixteen processes start pipelines on one empty dataset at once: all succeed, nothing is lost, nothing doubled',
  { timeout: 300_000 },
  async () => {
    if (!('address' in shared)) return
    const database = await createDatabase(shared.address)
    const folder = await mkdtemp(join(tmpdir(), 'dlt-sixteen-'))
    try {
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          runShop({
            url: database.url,
            datasetName: 'shop',
            pipelineName: `shop_${index}`,
            workingDir: join(folder, String(index)),
            round: index,
            ownTable: `own_${index}`,
          }),
        ),
      )
      expect(outcomes.map(({ signal, stderr }) => ({ signal, stderr }))).toEqual(
        outcomes.map(() => ({ signal: null, stderr: '' })),
      )
      const answers = await psql(
        database,
        'SELECT count(*), count(DISTINCT (id, round)) FROM shop.orders',
        'SELECT count(*) FROM shop.orders__lines',
        // Who came last has replaced every customer, and what is nested in it.
        'SELECT count(*), count(DISTINCT id), count(DISTINCT round) FROM shop.customers',
        'SELECT count(*), count(DISTINCT _dlt_root_id) FROM shop.customers__tags',
        'SELECT count(*) FROM shop.customers__tags t LEFT JOIN shop.customers c ON c._dlt_id = t._dlt_parent_id WHERE c.id IS NULL',
        'SELECT count(*), count(DISTINCT load_id || schema_name) FROM shop._dlt_loads',
        'SELECT count(DISTINCT pipeline_name) FROM shop._dlt_pipeline_state',
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'shop' AND table_name LIKE 'own_%'",
      )
      expect(answers.split('\n')).toEqual(['640|640', '1280', '20|20|1', '40|20', '0', '16|16', '16', '16'])
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
