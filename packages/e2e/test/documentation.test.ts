import { globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

describe('the examples in the documentation run', () => {
  const examples = documents.flatMap((document) => scripts(document).map((code) => ({ document, code })))

  test('there are some', () => {
    expect(examples.map(({ document }) => document)).toContain('README.md')
  })

  test.each(examples)('$document', async ({ code }) => {
    await mkdir(scratch, { recursive: true })
    const folder = await mkdtemp(join(scratch, 'example-'))
    try {
      await writeFile(join(folder, 'example.ts'), code)
      const environment = { DLT_DATA_DIR: join(folder, 'data') }
      const result = await runCommand(folder, process.execPath, ['--conditions=@dlt/source', 'example.ts'], environment)
      expect(result.stderr).toBe('')
      expect(result.code).toBe(0)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
