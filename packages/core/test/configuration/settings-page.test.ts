import { globSync, readFileSync } from 'node:fs'
import type { Setting, SettingType } from '@dlt/destination'
import { describe, expect, test } from 'vitest'
import { settingGroups } from '../../src/configuration/settings.ts'

const page = new URL('../../../../docs/configuration.md', import.meta.url)
const text = readFileSync(page, 'utf8')

function typeOf(type: SettingType, minimum: number | undefined): string {
  if (typeof type === 'object') return type.oneOf.map((one) => `\`${one}\``).join(', ')
  return minimum === undefined ? type : `${type} from ${minimum} on`
}

function row({ key, alias, option, type, minimum, secret, default: value, effect }: Setting): readonly string[] {
  const names = alias === undefined ? `\`${key}\`` : `\`${key}\`, \`${alias}\``
  const kind = `${typeOf(type, minimum)}${secret === true ? ', secret' : ''}`
  return [names, option === undefined ? '' : `\`${option}\``, kind, value, effect]
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((cells) => line(cells)),
  ].join('\n')
}

const listed = settingGroups
  .map(({ title, section, settings }) => {
    const head = ['setting', 'in code', 'type', 'default', 'effect']
    return `### ${title}\n\nSection \`${section}\`.\n\n${table([head, ...settings.map(row)])}`
  })
  .join('\n\n')

describe('the page on configuration', () => {
  test('lists every setting as it is declared; "vitest -u" writes it', async () => {
    const generated = text.replace(/<!-- settings -->[\s\S]*<!-- \/settings -->/, () =>
      ['<!-- settings -->', listed, '<!-- /settings -->'].join('\n\n'),
    )
    await expect(generated).toMatchFileSnapshot(page.pathname)
  })

  test('names every variable that is read beside the configuration', () => {
    const sources = globSync('**/*.ts', { cwd: new URL('../../src/configuration/', import.meta.url).pathname })
      .filter((file) => !file.startsWith('credentials'))
      .map((file) => readFileSync(new URL(`../../src/configuration/${file}`, import.meta.url), 'utf8'))
      .join('\n')
    const names = new Set([...sources.matchAll(/'((?:DLT|XDG)_[A-Z_]+)'/g)].map(([, name]) => name))
    expect(names.size).toBe(3)
    for (const name of names) expect(text).toContain(`\`${name}\``)
  })
})
