import * as v from 'valibot'
import { concealFields } from '../conceal-secrets.ts'
import { type FieldValues, withNativeForm } from '../native-form.ts'
import { secret } from '../secret.ts'
import { isTable } from '../toml-document.ts'
import { parseJsonObject } from './machine.ts'

/** Credentials of an application that acts for a user. Printing it shows no secrets. */
export interface OAuth2Credentials {
  readonly kind: 'oauth2'
  /** Absent where an access token is all that is given. */
  readonly client_id?: string
  readonly client_secret?: string
  readonly refresh_token?: string
  readonly scopes?: readonly string[]
  /** An access token. */
  readonly token?: string
  /** Where tokens are renewed. */
  readonly token_uri?: string
  /** Project that is charged, at Google. */
  readonly project_id?: string
}

/** A configuration of OAuth2 credentials. */
export type OAuth2Schema = v.GenericSchema<string | FieldValues, OAuth2Credentials>

/**
 * OAuth2 credentials: client id and secret, with a refresh token or an access token; an access token alone is enough. They can be
 * given field by field, or as the JSON text of a client's key file.
 */
export function oauth2(): OAuth2Schema {
  const text = v.pipe(v.string(), v.trim())
  const schema = v.pipe(
    v.object({
      client_id: v.optional(v.string()),
      client_secret: v.optional(secret(text)),
      refresh_token: v.optional(secret(text)),
      scopes: v.optional(v.array(v.string())),
      token: v.optional(secret(text)),
      token_uri: v.optional(v.string()),
      project_id: v.optional(v.string()),
    }),
    v.check(
      (found) => found.token !== undefined || (found.client_id !== undefined && found.client_secret !== undefined),
    ),
    v.transform(
      (found): OAuth2Credentials =>
        concealFields({ kind: 'oauth2', ...withoutUndefined(found) }, ['client_secret', 'refresh_token', 'token']),
    ),
  )
  return withNativeForm(schema, {
    describe: "the JSON text of an OAuth2 client's key file",
    required: ['client_id', 'client_secret'],
    parse: parseClientFile,
    complete: (found) => (typeof found['token'] === 'string' ? found : undefined),
  })
}

// Key files of desktop and web applications have everything under one name.
function parseClientFile(value: unknown): FieldValues | undefined {
  const document = typeof value === 'string' ? parseJsonObject(value) : undefined
  if (document === undefined) return undefined
  const [only, ...more] = Object.values(document)
  const fields = more.length === 0 && isTable(only) ? only : document
  // Key files of service accounts have a client id, too.
  return ['client_secret', 'refresh_token', 'token'].some((name) => name in fields) ? fields : undefined
}

interface FoundFields {
  readonly client_id?: string | undefined
  readonly client_secret?: string | undefined
  readonly refresh_token?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly token?: string | undefined
  readonly token_uri?: string | undefined
  readonly project_id?: string | undefined
}

function withoutUndefined(found: FoundFields): Omit<OAuth2Credentials, 'kind'> {
  const { client_id, client_secret, refresh_token, scopes, token, token_uri, project_id } = found
  return {
    ...(client_id !== undefined && { client_id }),
    ...(client_secret !== undefined && { client_secret }),
    ...(refresh_token !== undefined && { refresh_token }),
    ...(scopes !== undefined && { scopes }),
    ...(token !== undefined && { token }),
    ...(token_uri !== undefined && { token_uri }),
    ...(project_id !== undefined && { project_id }),
  }
}
