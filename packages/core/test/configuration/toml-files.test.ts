import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { resolveConfiguration, resolveConfigurationSync } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { mergeTables, parseToml, valueAt } from '../../src/configuration/toml-document.ts'
import { TomlProvider } from '../../src/configuration/toml-provider.ts'
import { type FileAccess, localFiles, WatchedFile } from '../../src/configuration/watched-file.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { rejection, TestProject } from './test-project.ts'

const hidden = { secret: false }

describe('a TOML document', () => {
  test('keeps its types; integers beyond 2^53 keep their digits', () => {
    const document = parseToml('a = 1\nb = 9223372036854775807\nc = 1.5\nd = true\ne = ["x"]\nf = 2024-01-31', 'x.toml')
    expect(document).toMatchObject({ a: 1, b: 9_223_372_036_854_775_807n, c: 1.5, d: true, e: ['x'] })
    expect(document['f']).toBeInstanceOf(Date)
  })

  test('may begin with a byte order mark', () => {
    expect(parseToml('\uFEFFa = 1', 'x.toml')).toEqual({ a: 1 })
  })

  test.each([
    { text: 'a = 1\nb = hunter2', line: 2, column: 5 },
    { text: 'a = "hunter2', line: 1, column: 5 },
    { text: '[section\nkey = "hunter2"', line: 1, column: 9 },
    { text: 'password = "hunter2"\npassword = "hunter2"', line: 2, column: 1 },
    { text: 'password "hunter2"', line: 1, column: 10 },
  ])('that is malformed names file, line and column, and nothing of its content: $text', ({ text, line, column }) => {
    let error: unknown
    try {
      parseToml(text, '/project/.dlt/secrets.toml')
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'CONFIGURATION', context: { file: '/project/.dlt/secrets.toml', line } })
    expect(String(error)).toMatch(
      new RegExp(
        `^DltError: The file "/project/.dlt/secrets.toml" is not valid TOML: line ${line}, column ${column}\\. Correct it there; text is quoted as in key = "value"\\.$`,
      ),
    )
    expect(error).not.toHaveProperty('cause')
  })

  test('has values at paths; a path through a value leads nowhere', () => {
    const document = parseToml('[a]\nb = "x"\nlist = [1]', 'x.toml')
    expect(valueAt(document, ['a', 'b'])).toBe('x')
    expect(valueAt(document, ['a'])).toEqual({ b: 'x', list: [1] })
    expect(valueAt(document, ['a', 'b', 'length'])).toBeUndefined()
    expect(valueAt(document, ['a', 'list', '0'])).toBeUndefined()
    expect(valueAt(document, ['toString'])).toBeUndefined()
    expect(valueAt(document, ['__proto__'])).toBeUndefined()
  })

  test('is merged table by table; lists and values are replaced', () => {
    const under = { a: { b: 1, c: { d: 1 } }, list: [1, 2], e: { f: 1 }, g: 1 }
    const over = { a: { b: 2, c: { x: 3 } }, list: [3], e: 5, h: 6 }
    expect(mergeTables(under, over)).toEqual({ a: { b: 2, c: { d: 1, x: 3 } }, list: [3], e: 5, g: 1, h: 6 })
  })

  test('cannot change the prototype of anything', () => {
    const merged = mergeTables(parseToml('["__proto__"]\nevil = 1', 'x.toml'), parseToml('a = 1', 'x.toml'))
    expect(({} as Record<string, unknown>)['evil']).toBeUndefined()
    expect(merged['a']).toBe(1)
  })
})

describe('files', () => {
  class CountingFiles implements FileAccess {
    stats = 0
    reads = 0
    stat(path: string): ReturnType<FileAccess['stat']> {
      this.stats++
      return localFiles.stat(path)
    }
    read(path: string): string {
      this.reads++
      return localFiles.read(path)
    }
  }

  test('are read once, however many values of however many sources are resolved', async () => {
    using directory = new TemporaryDirectory()
    for (const folder of ['project', 'user']) {
      mkdirSync(directory.in(folder))
      const values = Array.from({ length: 100 }, (_, index) => `value_${index} = ${index}`).join('\n')
      writeFileSync(directory.in(folder, 'config.toml'), `[sources]\n${values}`)
    }
    const files = new CountingFiles()
    const folders = () => [directory.in('project'), directory.in('user')]
    const providers = [new TomlProvider({ fileName: 'config.toml', supportsSecrets: false, folders, files })]
    const spec = v.object(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`value_${index}`, v.number()])))
    const startedAt = performance.now()
    for (let source = 0; source < 50; source++) {
      const resolved = await resolveConfiguration(spec, {
        sections: ['sources', 'module', `source_${source}`],
        providers,
      })
      expect(resolved['value_99']).toBe(99)
    }
    expect(files.reads).toBe(2)
    expect(files.stats).toBe(100)
    // 5,000 values: a few dozen milliseconds on an idle machine.
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('are read again when they changed, appeared or went', async () => {
    using project = new TestProject({ config: 'org = "one"' })
    const { providers } = project
    const spec = v.object({ org: v.optional(v.string(), 'none') })
    const org = async () => (await resolveConfiguration(spec, { providers })).org
    expect(await org()).toBe('one')
    project.write('project/config.toml', 'org = "second"')
    expect(await org()).toBe('second')
    rmSync(project.in('project', 'config.toml'))
    expect(await org()).toBe('none')
    project.write('user/config.toml', 'org = "user"')
    expect(await org()).toBe('user')
    project.write('project/config.toml', 'org = "third"')
    expect(await org()).toBe('third')
  })

  test('that became malformed leave nothing of what they held', async () => {
    using project = new TestProject({ config: 'org = "one"', userConfig: 'team = "a"' })
    const { providers } = project
    const spec = v.object({ org: v.optional(v.string(), 'none'), team: v.optional(v.string(), 'none') })
    const resolved = () => resolveConfiguration(spec, { providers })
    expect(await resolved()).toEqual({ org: 'one', team: 'a' })
    project.write('project/config.toml', 'org =')
    await expect(resolved()).rejects.toThrow('is not valid TOML')
    rmSync(project.in('project', 'config.toml'))
    expect(await resolved()).toEqual({ org: 'none', team: 'a' })
    project.write('project/config.toml', 'org = "two"')
    project.write('user/config.toml', 'team =')
    await expect(resolved()).rejects.toThrow('is not valid TOML')
    rmSync(project.in('user', 'config.toml'))
    expect(await resolved()).toEqual({ org: 'two', team: 'none' })
  })

  test('are read again when only their time changed', () => {
    using directory = new TemporaryDirectory()
    const path = directory.in('x')
    const files = new CountingFiles()
    writeFileSync(path, 'a')
    const file = new WatchedFile(path, (text) => text, files)
    file.refresh()
    file.refresh()
    expect(files.reads).toBe(1)
    utimesSync(path, 1, 1)
    file.refresh()
    expect({ reads: files.reads, content: file.content, isPresent: file.isPresent }).toEqual({
      reads: 2,
      content: 'a',
      isPresent: true,
    })
  })

  test('that are malformed are an error each time, until they are corrected', async () => {
    using project = new TestProject({ secrets: 'token = hunter2' })
    const { providers } = project
    const spec = v.object({ token: secret(v.string()) })
    for (let time = 0; time < 2; time++) {
      const error = await rejection(resolveConfiguration(spec, { providers }))
      expect(error.message).toBe(
        `The file "${project.in('project', 'secrets.toml')}" is not valid TOML: line 1, column 9. Correct it there; text is quoted as in key = "value".`,
      )
    }
    project.write('project/secrets.toml', 'token = "hunter2"')
    expect(await resolveConfiguration(spec, { providers })).toEqual({ token: 'hunter2' })
  })

  test('that are directories, or no UTF-8, are named', () => {
    using directory = new TemporaryDirectory()
    mkdirSync(directory.in('config.toml'))
    writeFileSync(directory.in('secrets.toml'), Buffer.from([0x61, 0x3d, 0x22, 0xff, 0x22]))
    const refreshed = (fileName: string) => () =>
      new TomlProvider({ fileName, supportsSecrets: false, folders: () => [directory.path] }).refresh()
    expect(refreshed('config.toml')).toThrow(
      `"${directory.in('config.toml')}" is a directory, and must be a file. Remove it, or mount the file that belongs there.`,
    )
    expect(refreshed('secrets.toml')).toThrow(
      `The file "${directory.in('secrets.toml')}" is not valid UTF-8. Store it in this encoding.`,
    )
  })

  test('a mounted secret that is no UTF-8 is named', async () => {
    using project = new TestProject()
    writeFileSync(project.in('mounted', 'token'), Buffer.from([0xff, 0xfe]))
    const error = await rejection(
      resolveConfiguration(v.object({ token: secret(v.string()) }), { providers: project.providers }),
    )
    expect(error.message).toBe(
      `The file "${project.in('mounted', 'token')}" is not valid UTF-8. Store it in this encoding.`,
    )
  })

  test('a path through a file in their place is no file', () => {
    using directory = new TemporaryDirectory()
    writeFileSync(directory.in('file'), '')
    const folders = () => [directory.path, directory.in('file')]
    const provider = new TomlProvider({ fileName: 'config.toml', supportsSecrets: false, folders })
    provider.refresh()
    expect(provider.isEmpty).toBe(true)
    expect(provider.locations).toEqual([
      { path: directory.in('config.toml'), present: false },
      { path: directory.in('file', 'config.toml'), present: false },
    ])
  })

  test('that cannot be read are named, until they can', () => {
    using directory = new TemporaryDirectory()
    const path = directory.in('config.toml')
    writeFileSync(path, 'org = "x"')
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    let isDenied = true
    const files: FileAccess = {
      stat: localFiles.stat,
      read: (file) => {
        if (isDenied) throw denied
        return localFiles.read(file)
      },
    }
    const provider = new TomlProvider({
      fileName: 'config.toml',
      supportsSecrets: false,
      folders: () => [directory.path],
      files,
    })
    const spec = v.object({ org: v.string() })
    expect(() => resolveConfigurationSync(spec, { providers: [provider] })).toThrow(
      `The file "${path}" cannot be read: EACCES. Give the user of this process the right to read it, or remove it.`,
    )
    isDenied = false
    expect(resolveConfigurationSync(spec, { providers: [provider] })).toEqual({ org: 'x' })
  })

  test('whose folder may not be looked at are as if they were not there; other errors of the system are told', () => {
    const failing = (code: string) => () => {
      throw Object.assign(new Error(code), { code })
    }
    const refreshed = (code: string) => {
      const file = new WatchedFile('/x', (text) => text, { stat: failing(code), read: failing(code) })
      file.refresh()
      return file.isPresent
    }
    expect(refreshed('EACCES')).toBe(false)
    expect(refreshed('ENOTDIR')).toBe(false)
    expect(() => refreshed('EIO')).toThrow('The file "/x" cannot be read: EIO.')
  })

  test('the current folder may change between resolutions', () => {
    using directory = new TemporaryDirectory()
    for (const folder of ['a', 'b']) {
      mkdirSync(directory.in(folder))
      writeFileSync(directory.in(folder, 'config.toml'), `org = "${folder}"`)
    }
    let current = 'a'
    const folders = () => [directory.in(current), directory.in('b')]
    const provider = new TomlProvider({ fileName: 'config.toml', supportsSecrets: false, folders })
    const spec = v.object({ org: v.string() })
    expect(resolveConfigurationSync(spec, { providers: [provider] })).toEqual({ org: 'a' })
    current = 'b'
    expect(resolveConfigurationSync(spec, { providers: [provider] })).toEqual({ org: 'b' })
    expect(provider.locations).toHaveLength(1)
  })

  test('the file that a value comes from is known', () => {
    using project = new TestProject({ config: '[a]\nb = 1', userConfig: '[a]\nc = 2' })
    const config = project.providers.find(({ name }) => name === 'config.toml')
    config?.refresh?.()
    expect(config?.locationOf?.(['a', 'b'])).toBe(project.in('project', 'config.toml'))
    expect(config?.locationOf?.(['a', 'c'])).toBe(project.in('user', 'config.toml'))
    expect(config?.locationOf?.(['a', 'd'])).toBeUndefined()
    expect(config?.get(['a', 'c'], hidden)).toBe(2)
  })
})
