import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editToml } from '../../src/configuration/edit-toml.ts'
import { editTomlFile } from '../../src/configuration/edit-toml-file.ts'
import { formatToml, isTable, parseToml, type TomlTable, valueAt } from '../../src/configuration/toml-document.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const document = `# settings of everything
org = "dlt" # the organisation

[sources.github]
# how many
per_page = 100
token = "x"

[sources."my.source"]
key = 1

[load]
workers = 5
`

/** What a document becomes; fails where comments would be lost. */
function edited(text: string, path: string, value: unknown): string {
  const { text: after, keepsComments } = editToml(text, path.split('.'), value, 'config.toml')
  expect(keepsComments).toBe(true)
  return after
}

/** Whether a value at a path would replace a table, or a value on the way. */
function wouldReplace(document: TomlTable, path: readonly string[]): boolean {
  const present = path.map((_, index) => valueAt(document, path.slice(0, index + 1)))
  return present.some((value, index) => value !== undefined && isTable(value) === (index === path.length - 1))
}

describe('an edit', () => {
  test('changes the line with the value', () => {
    expect(edited(document, 'sources.github.per_page', 50)).toBe(document.replace('per_page = 100', 'per_page = 50'))
    expect(edited(document, 'org', 'other')).toBe(document.replace('org = "dlt"', 'org = "other"'))
  })

  test('keeps the comment behind the value, and nothing of the value', () => {
    expect(edited('a = "x # y" # why\n', 'a', 'z')).toBe('a = "z" # why\n')
    expect(edited('a = "x # y"\n', 'a', 'z')).toBe('a = "z"\n')
    expect(edited('a = "x" # it\'s "old"\n', 'a', 'z')).toBe('a = "z"\n')
    expect(edited('a = 1 # why\nb = 2\n', 'a', null)).toBe('b = 2\n')
  })

  test('adds a line at the end of its table', () => {
    expect(edited(document, 'sources.github.org', 'dlt')).toBe(
      document.replace('token = "x"\n', 'token = "x"\norg = "dlt"\n'),
    )
    expect(edited(document, 'load.strategy', 'a')).toBe(`${document}strategy = "a"\n`)
    expect(edited(document, 'debug', true)).toBe(document.replace('organisation\n', 'organisation\ndebug = true\n'))
  })

  test('adds a table at the end', () => {
    expect(edited(document, 'sources.gitlab.token', 'x')).toBe(`${document}\n[sources.gitlab]\ntoken = "x"\n`)
    expect(edited('', 'runtime.log_level', 'INFO')).toBe('[runtime]\nlog_level = "INFO"\n')
    expect(edited('', 'key', 'x')).toBe('key = "x"\n')
  })

  test('removes a line', () => {
    expect(edited(document, 'sources.github.per_page', null)).toBe(document.replace('per_page = 100\n', ''))
    expect(edited(document, 'org', undefined)).toBe(document.replace('org = "dlt" # the organisation\n', ''))
  })

  test('that changes nothing leaves the text alone', () => {
    expect(edited(document, 'load.workers', 5)).toBe(document)
    expect(edited(document, 'load.missing', null)).toBe(document)
    expect(edited(document, 'missing.key', undefined)).toBe(document)
  })

  test('finds dotted keys and quoted tables', () => {
    expect(edited('load.workers = 5\n', 'load.workers', 6)).toBe('load.workers = 6\n')
    const { text } = editToml(document, ['sources', 'my.source', 'key'], 2, 'config.toml')
    expect(text).toBe(document.replace('key = 1', 'key = 2'))
  })

  test('writes lists, records and several lines', () => {
    expect(edited('', 'a.list', [1, 'x'])).toBe('[a]\nlist = [ 1, "x" ]\n')
    expect(edited('', 'a.record', { b: { c: [1] } })).toBe('[a]\nrecord = { b = { c = [ 1 ] } }\n')
    expect(edited('', 'a.key', '-----BEGIN\nx\n')).toBe('[a]\nkey = "-----BEGIN\\nx\\n"\n')
  })

  test('writes a document anew where a line cannot hold the change', () => {
    const inline = '# lost\nserver = { host = "a", port = 1 }\n'
    expect(editToml(inline, ['server', 'host'], 'b', 'config.toml')).toEqual({
      text: '[server]\nhost = "b"\nport = 1\n',
      keepsComments: false,
    })
    const severalLines = '# lost\nkey = """\na\nb"""\n'
    expect(editToml(severalLines, ['key'], 'x', 'config.toml')).toEqual({ text: 'key = "x"\n', keepsComments: false })
  })

  test('is not misled by text that looks like a table', () => {
    const text = 'text = """\n[load]\nworkers = 1\n"""\n\n[load]\nworkers = 2\n'
    expect(edited(text, 'load.workers', 3)).toBe('text = """\n[load]\nworkers = 1\n"""\n\n[load]\nworkers = 3\n')
  })

  test('keeps line breaks of Windows', () => {
    const text = document.replaceAll('\n', '\r\n')
    expect(edited(text, 'load.workers', 7)).toBe(text.replace('workers = 5', 'workers = 7'))
    expect(edited(text, 'load.retries', 7)).toBe(`${text}retries = 7\r\n`)
    expect(edited(text, 'new.key', 7)).toBe(`${text}\r\n[new]\r\nkey = 7\r\n`)
  })

  test('does not touch lists of tables', () => {
    const text = '# kept\n[a]\nx = 1\n\n[[list]]\ny = 2\n\n[[list]]\ny = 3\n\n[b]\nz = 4\n'
    expect(edited(text, 'a.new', 5)).toBe(text.replace('x = 1\n', 'x = 1\nnew = 5\n'))
    expect(edited(text, 'b.z', 5)).toBe(text.replace('z = 4', 'z = 5'))
    expect(edited(text, 'c.key', 5)).toBe(`${text}\n[c]\nkey = 5\n`)
    expect(editToml(text, ['list'], null, 'config.toml')).toEqual({
      text: '[a]\nx = 1\n\n[b]\nz = 4\n',
      keepsComments: false,
    })
  })

  test('refuses to replace a table by a value, and a value by a table', () => {
    expect(() => editToml(document, ['sources', 'github'], 5, '/p/config.toml')).toThrow(
      '"sources.github" was not set in "/p/config.toml": it is a table there, and would be lost. Set values in it, or remove it before.',
    )
    expect(() => editToml(document, ['org', 'name', 'x'], 'x', '/p/config.toml')).toThrow(
      '"org.name.x" was not set in "/p/config.toml": "org" is a single value there, and would be lost. Remove it before.',
    )
    expect(edited(document, 'org.name', null)).toBe(document)
    const { text } = editToml(document, ['load'], null, 'x')
    expect(parseToml(editToml(text, ['load'], 5, 'x').text, 'x')).toMatchObject({ load: 5 })
  })

  test('keeps comments where the value is a date, and where others are', () => {
    const dated = '# kept\nsince = 2024-01-31\ndays = [2024-01-31, 2024-02-01]\norg = "x"\n'
    const at = new Date('2026-02-03T04:05:06.000Z')
    expect(edited(dated, 'since', at)).toBe(dated.replace('since = 2024-01-31', 'since = 2026-02-03T04:05:06.000Z'))
    expect(edited(dated, 'until', at)).toBe(`${dated}until = 2026-02-03T04:05:06.000Z\n`)
    expect(edited(dated, 'org', 'y')).toBe(dated.replace('"x"', '"y"'))
    expect(edited('[a]\n# kept\nb = [1]\n', 'a.b', [at])).toBe('[a]\n# kept\nb = [ 2026-02-03T04:05:06.000Z ]\n')
  })

  test('refuses a malformed document', () => {
    expect(() => editToml('a = x', ['b'], 1, '/p/config.toml')).toThrow(
      'The file "/p/config.toml" is not valid TOML: line 1, column 5. Correct it there; text is quoted as in key = "value".',
    )
  })

  test('of any document sets this value and no other', () => {
    const name = fc.stringMatching(/^[a-c]$|^[a-c ."]{1,3}$/)
    const leaf = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.string({ unit: 'grapheme-ascii' }),
      fc.array(fc.integer(), { maxLength: 2 }),
    )
    const table = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(name, tie('node'), { maxKeys: 3 })),
    })).node
    const documents = fc.dictionary(name, table, { maxKeys: 4 })
    const path = fc.array(name, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(documents, path, leaf, (before, at, value) => {
        const text = formatToml(before)
        if (wouldReplace(parseToml(text, 'x.toml'), at)) {
          expect(() => editToml(text, at, value, 'x.toml')).toThrow('was not set in "x.toml"')
          return
        }
        const { text: after } = editToml(text, at, value, 'x.toml')
        const parsed = parseToml(after, 'x.toml')
        expect(valueAt(parsed, at)).toEqual(value)
        const removed = editToml(after, at, null, 'x.toml')
        expect(valueAt(parseToml(removed.text, 'x.toml'), at)).toBeUndefined()
        for (const [key, other] of Object.entries(parseToml(text, 'x.toml')))
          if (key !== at[0]) expect(parsed[key]).toEqual(other)
      }),
    )
  })
})

describe('a file', () => {
  test('is made, with its folder; one with secrets is for its owner only', () => {
    using directory = new TemporaryDirectory()
    const path = directory.in('.dlt', 'secrets.toml')
    editTomlFile(path, ['sources', 'token'], 'x', { confidential: true })
    expect(readFileSync(path, 'utf8')).toBe('[sources]\ntoken = "x"\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const config = directory.in('.dlt', 'config.toml')
    editTomlFile(config, ['a'], 1, { confidential: false })
    expect(statSync(config).mode & 0o777).toBe(0o644)
    expect(readdirSync(directory.in('.dlt')).toSorted()).toEqual(['config.toml', 'secrets.toml'])
  })

  test('keeps its permissions, and a link stays one', () => {
    using directory = new TemporaryDirectory()
    mkdirSync(directory.in('real'))
    writeFileSync(directory.in('real', 'config.toml'), 'a = 1\n')
    chmodSync(directory.in('real', 'config.toml'), 0o640)
    symlinkSync(directory.in('real', 'config.toml'), directory.in('config.toml'))
    editTomlFile(directory.in('config.toml'), ['a'], 2, { confidential: true })
    expect(lstatSync(directory.in('config.toml')).isSymbolicLink()).toBe(true)
    expect(readFileSync(directory.in('real', 'config.toml'), 'utf8')).toBe('a = 2\n')
    expect(statSync(directory.in('real', 'config.toml')).mode & 0o777).toBe(0o640)
  })

  test('that cannot be written leaves nothing behind', () => {
    using directory = new TemporaryDirectory()
    mkdirSync(directory.in('config.toml'))
    expect(() => editTomlFile(directory.in('config.toml'), ['a'], 1, { confidential: false })).toThrow(/EISDIR/)
    expect(readdirSync(directory.path)).toEqual(['config.toml'])
  })

  test('is not made to remove a value', () => {
    using directory = new TemporaryDirectory()
    editTomlFile(directory.in('config.toml'), ['a'], null, { confidential: false })
    expect(existsSync(directory.in('config.toml'))).toBe(false)
  })
})
