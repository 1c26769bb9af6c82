import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { configAccess } from '../../src/configuration/accessors.ts'
import { connectionString } from '../../src/configuration/credentials/index.ts'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { resolveSettings } from '../../src/configuration/resolve-settings.ts'
import { secret } from '../../src/configuration/secret.ts'
import { holdsSecret, rememberSecret, withoutSecrets } from '../../src/runtime/known-secrets.ts'
import { concealingLogger } from '../../src/runtime/logger.ts'
import { TestProject } from '../configuration/test-project.ts'

describe('a text', () => {
  test('shows stars in place of a secret, wherever it stands', () => {
    rememberSecret('known1secret')
    expect(withoutSecrets('xknown1secrety, known1secret')).toBe('x***y, ***')
    expect(withoutSecrets('known1secre')).toBe('known1secre')
  })

  test('shows stars in place of a short secret, but not of a part of a word', () => {
    rememberSecret('qzx7')
    expect(withoutSecrets('?t=qzx7&x, qzx7_table, myqzx7, "qzx7"')).toBe('?t=***&x, qzx7_table, myqzx7, "***"')
    expect(holdsSecret('qzx7')).toBe(false)
  })

  test('keeps what is too short for a secret', () => {
    rememberSecret('qz3')
    rememberSecret('        ')
    rememberSecret('')
    expect(withoutSecrets('qz3, and then         qz3')).toBe('qz3, and then         qz3')
  })

  test('shows nothing of a secret that another one begins', () => {
    rememberSecret('begin0ning')
    rememberSecret('begin0ning0and0more')
    expect(withoutSecrets('(begin0ning0and0more)')).toBe('(***)')
  })

  test('shows no secret that is a number', () => {
    rememberSecret(86421357)
    rememberSecret(97531864209n)
    rememberSecret(7)
    expect(withoutSecrets('pin 86421357, 97531864209, 7')).toBe('pin ***, ***, 7')
  })

  test('shows no secret in lists and tables', () => {
    rememberSecret(['listed0secret', { inner: 'inner0secret0', count: 1, on: true }])
    expect(withoutSecrets('listed0secret inner0secret0 inner')).toBe('*** *** inner')
  })

  test('shows no secret of any characters, as it is, in JSON and in an address', () => {
    const text = fc.string({ unit: 'binary', minLength: 8, maxLength: 30 }).filter((one) => one.trim().length >= 8)
    fc.assert(
      fc.property(text, (value) => {
        rememberSecret(value)
        const forms = [value, JSON.stringify(value), encodeURIComponent(Buffer.from(value).toString())]
        for (const form of forms) {
          expect(holdsSecret(`a${form}z`)).toBe(true)
          expect(withoutSecrets(`a${form}z`)).not.toContain(value)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('shows secrets again only when a thousand later ones are known', () => {
    rememberSecret('oldest0secret')
    rememberSecret('renewed0secret')
    for (let count = 0; count < 999; count++) {
      rememberSecret(`number${count}secret`)
      rememberSecret('renewed0secret')
    }
    expect(withoutSecrets('oldest0secret, renewed0secret')).toBe('oldest0secret, ***')
  })
})

describe('what is resolved as a secret is remembered', () => {
  test('fields of a configuration, also embedded ones, as given and as the schema makes them', async () => {
    const spec = v.object({
      token: secret(
        v.pipe(
          v.string(),
          v.transform((text) => `${text}made`),
        ),
      ),
      org: v.string(),
      server: v.object({ keys: secret(v.array(v.string())) }),
      login: v.union([v.object({ key: secret(v.string()) }), v.object({ user: v.string() })]),
      other: v.optional(secret(v.string()), 'default0of0code'),
    })
    using project = new TestProject({ environment: { TOKEN: 'field1secret', ORG: 'shown1public' } })
    const explicit = { server: { keys: ['server1secret'] }, login: { key: 'login1secret' } }
    await resolveConfiguration(spec, { providers: project.providers, explicit })
    expect(withoutSecrets('field1secretmade|field1secret|server1secret|login1secret')).toBe('***|***|***|***')
    expect(withoutSecrets('shown1public|default0of0code')).toBe('shown1public|default0of0code')
  })

  test('secrets in lists and records, and not what stands beside them', async () => {
    const key = secret(v.string())
    const spec = v.object({
      list: v.array(v.object({ name: v.string(), key })),
      pair: v.tuple([v.string(), key]),
      more: v.tupleWithRest([v.string()], key),
      record: v.record(v.string(), key),
      open: v.array(v.objectWithRest({ name: v.string() }, key)),
      choice: v.union([v.number(), v.array(key)]),
    })
    const explicit: v.InferInput<typeof spec> = {
      list: [{ name: 'inside0public1', key: 'inside0secret1' }],
      pair: ['inside0public2', 'inside0secret2'],
      more: ['inside0public3', 'inside0secret3', 'inside0secret4'],
      record: { inside0public4: 'inside0secret5' },
      open: [{ name: 'inside0public5', other: 'inside0secret7' }],
      choice: ['inside0secret6'],
    }
    await resolveConfiguration(spec, { providers: [], explicit })
    for (const count of [1, 2, 3, 4, 5, 6, 7]) expect(withoutSecrets(`inside0secret${count}`)).toBe('***')
    for (const count of [1, 2, 3, 4, 5]) expect(holdsSecret(`inside0public${count}`)).toBe(false)
  })

  test('the password of a connection string, and not its host', async () => {
    using project = new TestProject({ environment: { CREDENTIALS: 'pg://me:pass%401word2@host.internal/data' } })
    await resolveConfiguration(v.object({ credentials: connectionString() }), { providers: project.providers })
    expect(withoutSecrets('pg://me:pass%401word2@host.internal/data, pass@1word2')).toBe(
      'pg://me:***@host.internal/data, ***',
    )
  })

  test('settings that are secret', async () => {
    using project = new TestProject({ environment: { KEY: 'setting1secret', MODE: 'setting1public' } })
    const shared = { type: 'text', default: 'x', effect: 'x' } as const
    await resolveSettings(
      [
        { key: 'key', secret: true, ...shared },
        { key: 'mode', ...shared },
      ],
      {
        providers: project.providers,
      },
    )
    expect(withoutSecrets('setting1secret setting1public')).toBe('*** setting1public')
  })

  test('single values of dlt.secrets, and not of dlt.config', async () => {
    using project = new TestProject({
      secrets: 'token = "single1secret"\nchecked = "checked1secret"\n[server]\nhost = "single1host"',
      config: 'org = "single1public"',
    })
    const secrets = configAccess(true, () => project.providers)
    await secrets.get('token')
    await secrets.get('checked', v.string())
    await secrets.get('server')
    await configAccess(false, () => project.providers).get('org', v.string())
    expect(withoutSecrets('single1secret checked1secret single1host single1public')).toBe(
      '*** *** single1host single1public',
    )
  })
})

test('a logger gets no secret at any level', () => {
  rememberSecret('logged1secret')
  const lines: string[] = []
  const note = (message: string) => lines.push(message)
  const logger = concealingLogger({ debug: note, info: note, warning: note, error: note })
  logger.debug('d logged1secret')
  logger.info('i logged1secret')
  logger.warning('w logged1secret')
  logger.error('e logged1secret')
  expect(lines).toEqual(['d ***', 'i ***', 'w ***', 'e ***'])
})
