import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConsumerProject, packPackages, type Tarballs } from './consumer-project.ts'

const root = join(import.meta.dirname, '../../../..')
const fileBlock = /`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)\n```/g

/** The files that the page shows, by their names. */
const page = new Map<string, string>()

const shown = (name: string): string => {
  const text = page.get(name)
  if (text === undefined) throw new Error(`The page does not show "${name}"`)
  return text
}

let tarballs: Tarballs = new Map()

beforeAll(async () => {
  const text = await readFile(join(root, 'docs/contributing-a-destination.md'), 'utf8')
  for (const [, name = '', content = ''] of text.matchAll(fileBlock)) page.set(name, content)
  tarballs = await packPackages()
})

afterAll(async () => {
  const [path] = tarballs.values()
  if (path !== undefined) await rm(dirname(path), { recursive: true, force: true })
})

/** Does what the page says, under a name; returns the packed package. */
const followPage = async (project: ConsumerProject, name: string): Promise<string> => {
  await project.installManifest({ ...JSON.parse(shown('package.json')), name })
  await project.write('tsconfig.json', shown('tsconfig.json'))
  await mkdir(join(project.folder, 'test'))
  await project.write('test/conformance.test.ts', shown('test/conformance.test.ts'))
  await cp(join(root, 'examples/destination-sqlite/src'), join(project.folder, 'src'), { recursive: true })
  expect(await project.run('pnpm', 'exec', 'tsc')).toEqual({ code: 0, stdout: '', stderr: '' })
  const packed = await project.run('pnpm', 'pack')
  expect(packed.code, packed.stderr).toBe(0)
  const [tarball] = (await readdir(project.folder)).filter((file) => file.endsWith('.tgz'))
  return join(project.folder, tarball ?? '')
}

describe('a destination that somebody else writes by the page', () => {
  test.each(['dlt-destination-acme', '@acme/dlt-destination-x'])(
    'is called by the name of its package, "%s"',
    async (name) => {
      await using theirs = await ConsumerProject.create('pnpm', tarballs)
      const tarball = await followPage(theirs, name)
      await using project = await ConsumerProject.create('pnpm', tarballs)
      await project.install({ '@dlt/core': '*', [name]: `file:${tarball}` })
      await project.write('script.mjs', shown('script.mjs').replace('dlt-destination-acme', name))
      const { code, stdout, stderr } = await project.node('script.mjs')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain('sqlite, dataset people_data')
      expect(await readdir(project.folder)).toContain('people_data.db')
    },
  )

  test('keeps every promise that it declares', async () => {
    await using project = await ConsumerProject.create('pnpm', tarballs)
    await followPage(project, 'dlt-destination-acme')
    const { code, stdout, stderr } = await project.run('pnpm', 'exec', 'vitest', 'run')
    // Where a build runs, vitest writes in colors.
    const report = stripVTControlCharacters(stdout)
    expect({ code, stderr, failures: report.match(/^ FAIL .*/gm) }).toEqual({ code: 0, stderr: '', failures: null })
    expect(report).toMatch(/Tests {2}\d+ passed \| \d+ skipped/)
  })
})
