import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { defaultPipelineName, scriptFolder } from '../../src/destinations/executing-script.ts'

const run = promisify(execFile)

describe('the default pipeline name', () => {
  it.each([
    ['/home/me/pipeline.ts', 'dlt_pipeline'],
    ['/home/me/pipeline.py', 'dlt_pipeline'],
    ['/home/me/load-issues.mjs', 'dlt_load-issues'],
    ['/home/me/loadIssues.js', 'dlt_loadIssues'],
    ['/home/me/github.prod.ts', 'dlt_github.prod'],
    ['/home/me/żółw.ts', 'dlt_żółw'],
    ['/home/me/管道.ts', 'dlt_管道'],
    ['/home/me/2024.ts', 'dlt_2024'],
    ['/home/me/script', 'dlt_script'],
    ['-', 'dlt_repl'],
  ])('of %s is %s', (script, name) => {
    expect(defaultPipelineName(script)).toBe(name)
  })

  it('follows the script of the process, and is dlt_repl where there is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dlt-script-'))
    const source = new URL('../../src/destinations/executing-script.ts', import.meta.url).href
    const code = `const { defaultPipelineName, scriptFolder } = await import('${source}')
      console.log(defaultPipelineName(), scriptFolder())`
    const script = join(folder, 'my_pipeline.mjs')
    await writeFile(script, code)
    const conditions = ['--conditions=@dlt/source', '--no-warnings']
    const fromFile = await run(process.execPath, [...conditions, script])
    expect(fromFile.stdout.trim()).toBe(`dlt_my_pipeline ${await realpath(folder)}`)
    const fromText = await run(process.execPath, [...conditions, '--input-type=module', '-e', code], { cwd: folder })
    expect(fromText.stdout.trim()).toBe(`dlt_repl ${await realpath(folder)}`)
    await rm(folder, { recursive: true })
  })
})

describe('the folder of the script', () => {
  it('is the one that a link leads to', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'dlt-script-')))
    await writeFile(join(folder, 'script.mjs'), '')
    await mkdir(join(folder, 'bin'))
    await symlink(join(folder, 'script.mjs'), join(folder, 'bin', 'link'))
    expect(scriptFolder(join(folder, 'bin', 'link'))).toBe(folder)
    await rm(folder, { recursive: true })
  })

  it('is taken from the path when there is no such file', () => {
    expect(scriptFolder('/no/such/folder/script.js')).toBe('/no/such/folder')
  })
})
