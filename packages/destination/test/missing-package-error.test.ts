import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DltError } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { detectPackageManager, installCommand, MissingPackageError, packageManagerFacts } from '../src/index.ts'

describe('the package manager', () => {
  it.each([
    ['pnpm/10.1.0 npm/? node/v24.0.0 linux x64', [], 'pnpm'],
    ['yarn/4.0.0 npm/? node/v24.0.0', [['pnpm-lock.yaml']], 'yarn'],
    ['npm/11.0.0 node/v24.0.0 linux x64 workspaces/false', [['pnpm-lock.yaml']], 'npm'],
    ['bun/1.2.0', [], 'bun'],
    ['cnpm/9', [['src'], ['yarn.lock', 'package.json']], 'yarn'],
    [undefined, [['package.json'], ['bun.lockb'], ['pnpm-lock.yaml']], 'bun'],
    [undefined, [['bun.lock']], 'bun'],
    [undefined, [['deno.lock']], 'deno'],
    [undefined, [['package-lock.json']], 'npm'],
    [undefined, [['npm-shrinkwrap.json', 'src']], 'npm'],
    [undefined, [['package-lock.json', 'pnpm-lock.yaml']], 'pnpm'],
    [undefined, [[], ['src']], 'npm'],
    ['__proto__/1', [], 'npm'],
    ['', [], 'npm'],
  ] as const)('of agent %s and files %j is %s', (userAgent, folders, manager) => {
    expect(detectPackageManager({ userAgent, folders })).toBe(manager)
  })

  it('is looked for only as far as needed', () => {
    const read: string[] = []
    function* folders(): Generator<readonly string[]> {
      for (const name of ['yarn.lock', 'pnpm-lock.yaml']) {
        read.push(name)
        yield [name]
      }
    }
    expect(detectPackageManager({ folders: folders() })).toBe('yarn')
    expect(read).toEqual(['yarn.lock'])
  })

  it.each([
    ['npm', 'npm install @acme/foo@^1.2.0'],
    ['pnpm', 'pnpm add @acme/foo@^1.2.0'],
    ['yarn', 'yarn add @acme/foo@^1.2.0'],
    ['bun', 'bun add @acme/foo@^1.2.0'],
    ['deno', 'deno add npm:@acme/foo@^1.2.0'],
  ] as const)('%s installs by "%s"', (manager, command) => {
    expect(installCommand(manager, '@acme/foo', '^1.2.0')).toBe(command)
  })
})

describe('facts of a folder', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dlt-facts-'))
    mkdirSync(join(root, 'a', 'b'), { recursive: true })
    writeFileSync(join(root, 'pnpm-lock.yaml'), '')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('come from the environment and from the folders above', () => {
    expect(detectPackageManager(packageManagerFacts(join(root, 'a', 'b'), {}))).toBe('pnpm')
    expect(detectPackageManager(packageManagerFacts(join(root, 'a', 'missing'), {}))).toBe('pnpm')
    expect(detectPackageManager(packageManagerFacts(root, { npm_config_user_agent: 'yarn/4' }))).toBe('yarn')
    writeFileSync(join(root, 'a', 'yarn.lock'), '')
    expect(detectPackageManager(packageManagerFacts(join(root, 'a', 'b'), {}))).toBe('yarn')
  })
})

it('names the package, the range, who needs it, and the command', () => {
  const cause = new Error('cannot find')
  const error = new MissingPackageError({
    packageName: '@acme/foo',
    range: '^1.2.0',
    neededBy: 'destination "foo"',
    packageManager: 'pnpm',
    cause,
  })
  expect(error.message).toBe(
    'The package "@acme/foo" (^1.2.0) is not installed, and destination "foo" needs it. Install it: pnpm add @acme/foo@^1.2.0',
  )
  expect(error).toMatchObject({ code: 'MISSING_PACKAGE', retryable: false, name: 'MissingPackageError', cause })
  expect(error).toMatchObject({
    packageName: '@acme/foo',
    range: '^1.2.0',
    installCommand: 'pnpm add @acme/foo@^1.2.0',
  })
  expect(DltError.is(error)).toBe(true)
})
