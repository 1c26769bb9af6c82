import { globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDatabase, declareMissing, type PostgresDatabase, sharedPostgres } from '@dlt/test-services'
import { describe, expect, test } from 'vitest'
import { runCommand } from './consumer/consumer-project.ts'

const workspace = join(import.meta.dirname, '../../..')
// Inside of a package that depends on what examples import, so that Node finds it.
const scratch = join(workspace, 'packages/e2e/.work')

const documents = globSync('{README.md,docs/**/*.md,packages/*/README.md}', { cwd: workspace })

/** The TypeScript examples of a document that are whole scripts. */
function scripts(document: string): readonly string[] {
  const text = readFileSync(join(workspace, document), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map(([, code = '']) => code)
    .filter((code) => /^import dlt from '@dlt\/core'$/m.test(code))
}

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const server = 'address' in shared ? await createDatabase(shared.address) : undefined

/** What a script on a machine with a server of its own has in its environment. */
const serverVariables = ({ host, port, user, password, database }: PostgresDatabase): Record<string, string> => ({
  PGHOST: host,
  PGPORT: String(port),
  PGUSER: user,
  PGPASSWORD: password,
  PGDATABASE: database,
})

describe('the examples in the documentation run', () => {
  const examples = documents.flatMap((document) => scripts(document).map((code) => ({ document, code })))

  test('there are some', () => {
    expect(examples.map(({ document }) => document)).toContain('README.md')
  })

  test.each(examples)('$document', async ({ document, code }) => {
    const needsServer = document.includes('postgres')
    if (needsServer && server === undefined) return
    await mkdir(scratch, { recursive: true })
    const folder = await mkdtemp(join(scratch, 'example-'))
    try {
      await writeFile(join(folder, 'example.ts'), code)
      const environment = {
        DLT_DATA_DIR: join(folder, 'data'),
        ...(server !== undefined && needsServer && serverVariables(server)),
      }
      const result = await runCommand(folder, process.execPath, ['--conditions=@dlt/source', 'example.ts'], environment)
      expect(result.stderr).toBe('')
      expect(result.code).toBe(0)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
