import * as v from 'valibot'
import { expect, test } from 'vitest'
import { configAccess } from '../../src/configuration/accessors.ts'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { rejection, TestProject } from './test-project.ts'

const failing = v.pipe(
  v.string(),
  v.transform((text): string => {
    throw new TypeError(`No such thing: ${text}`)
  }),
)
const remedy =
  'Let it handle every value that its type allows. Values are not shown; what it threw is the cause of this error.'

test.each([
  { name: 'a field', spec: v.object({ org: v.string(), token: secret(failing) }), at: ' at "token"' },
  { name: 'an optional one', spec: v.object({ token: v.optional(failing) }), at: ' at "token"' },
  { name: 'an embedded one', spec: v.object({ server: v.object({ token: failing }) }), at: ' at "server.token"' },
  {
    name: 'the whole',
    spec: v.pipe(
      v.object({ token: v.string() }),
      v.transform(({ token }): string => {
        throw new TypeError(token)
      }),
    ),
    at: '',
  },
])('an error names the field whose schema throws: $name', async ({ spec, at }) => {
  const environment = { ORG: 'x', TOKEN: 'thrown0value', SERVER__TOKEN: 'thrown0value' }
  using project = new TestProject({ environment })
  const options = { providers: project.providers, owner: 'the source "github"' }
  const error = await rejection(resolveConfiguration(spec, options))
  expect(error).toMatchObject({ code: 'CONFIGURATION', cause: { name: 'TypeError' } })
  expect(error.message).toBe(
    `The configuration of the source "github" cannot be checked: a function of its schema${at} threw TypeError. ${remedy}`,
  )
})

test('an error names the single value whose schema throws', async () => {
  using project = new TestProject({ environment: { TOKEN: 'x' } })
  const error = await rejection(configAccess(true, () => project.providers).get('token', failing))
  expect(error.message).toBe(
    `The configuration of "token" cannot be checked: a function of its schema threw TypeError. ${remedy}`,
  )
})

test('what is thrown need not be an error', async () => {
  const spec = v.object({
    org: v.pipe(
      v.string(),
      v.check(() => {
        throw 'hidden'
      }),
    ),
  })
  const error = await rejection(resolveConfiguration(spec, { providers: [], explicit: { org: 'x' } }))
  expect(error.message).toContain('a function of its schema at "org" threw something that is no Error.')
})
