import * as v from 'valibot'
import { describe, expectTypeOf, test } from 'vitest'
import {
  type AwsCredentials,
  type aws,
  type ConnectionCredentials,
  connectionString,
  type GoogleCredentials,
  googleServiceAccount,
  type OAuth2Credentials,
  oauth2,
} from '../../src/configuration/credentials/index.ts'
import { resolveConfiguration, resolveConfigurationSync } from '../../src/configuration/resolve-configuration.ts'
import { dlt } from '../../src/dlt.ts'

const spec = v.object({
  org: v.string(),
  token: dlt.secret(v.string()),
  perPage: v.optional(v.number(), 100),
  level: v.optional(v.picklist(['a', 'b'])),
  since: v.pipe(
    v.string(),
    v.transform((text) => new Date(text)),
  ),
})

describe('a resolved configuration', () => {
  test('has the types of the schema', async () => {
    expectTypeOf(await resolveConfiguration(spec)).toEqualTypeOf<{
      org: string
      token: string
      perPage: number
      level?: 'a' | 'b' | undefined
      since: Date
    }>()
    expectTypeOf(resolveConfigurationSync(spec).perPage).toEqualTypeOf<number>()
  })

  test('takes a part of what the schema takes', () => {
    void resolveConfiguration(spec, { explicit: { org: 'x', since: '2024-01-01' } })
    // @ts-expect-error a value of another type
    void resolveConfiguration(spec, { explicit: { org: 1 } })
    // @ts-expect-error what the schema takes is a text
    void resolveConfiguration(spec, { explicit: { since: new Date() } })
    // @ts-expect-error a field that the schema does not have
    void resolveConfiguration(spec, { explicit: { other: 1 } })
  })
})

describe('a secret', () => {
  test('has the type of its schema', () => {
    const schema = v.pipe(v.string(), v.minLength(1))
    expectTypeOf(dlt.secret(schema)).toEqualTypeOf(schema)
    expectTypeOf<v.InferOutput<ReturnType<typeof dlt.secret<v.NumberSchema<undefined>>>>>().toEqualTypeOf<number>()
    // @ts-expect-error no schema
    dlt.secret('token')
  })
})

describe('single values', () => {
  test('have the type of the schema, and may be missing', async () => {
    expectTypeOf(await dlt.config.get('a.b', v.number())).toEqualTypeOf<number | undefined>()
    expectTypeOf(await dlt.secrets.require('a.b', v.string())).toEqualTypeOf<string>()
    expectTypeOf(await dlt.config.get('a.b')).toBeUnknown()
    expectTypeOf(await dlt.config.require('a.b')).toBeUnknown()
  })
})

describe('credentials', () => {
  test('are neutral values that tell their kind', () => {
    expectTypeOf<v.InferOutput<ReturnType<typeof connectionString>>>().toEqualTypeOf<ConnectionCredentials>()
    expectTypeOf<v.InferOutput<ReturnType<typeof googleServiceAccount>>>().toEqualTypeOf<GoogleCredentials>()
    expectTypeOf<v.InferOutput<ReturnType<typeof aws>>>().toEqualTypeOf<AwsCredentials>()
    expectTypeOf<v.InferOutput<ReturnType<typeof oauth2>>>().toEqualTypeOf<OAuth2Credentials>()
    const credentials = v.object({ credentials: v.union([googleServiceAccount(), oauth2()]) })
    type Kind = v.InferOutput<typeof credentials>['credentials']['kind']
    expectTypeOf<Kind>().toEqualTypeOf<'service_account' | 'application_default' | 'oauth2'>()
  })

  test('can be given in code as text or in parts', () => {
    const withDatabase = v.object({ credentials: connectionString() })
    void resolveConfiguration(withDatabase, { explicit: { credentials: 'x://host' } })
    void resolveConfiguration(withDatabase, { explicit: { credentials: { host: 'x', port: 1 } } })
    // @ts-expect-error a port is a number
    void resolveConfiguration(withDatabase, { explicit: { credentials: { port: '1' } } })
  })
})
