import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { concealFields } from '../conceal-secrets.ts'
import { type FieldValues, withNativeForm } from '../native-form.ts'
import { secret } from '../secret.ts'
import { homeOf, type Machine, variable } from './machine.ts'

/** What all forms of AWS credentials can say. */
export interface AwsSettings {
  readonly region_name?: string
  /** For stores that speak the same protocol. */
  readonly endpoint_url?: string
  /** `path` or `vhost`. */
  readonly s3_url_style?: string
  /** A role to assume with these credentials. */
  readonly role_arn?: string
}

/** Keys. Printing it shows no secrets. */
export interface AwsKeys extends AwsSettings {
  readonly kind: 'keys'
  readonly aws_access_key_id: string
  readonly aws_secret_access_key: string
  readonly aws_session_token?: string
}

/** A profile of the machine's AWS configuration. */
export interface AwsProfile extends AwsSettings {
  readonly kind: 'profile'
  readonly profile_name: string
}

/** The credentials of the machine, which the client of AWS finds by itself. */
export interface AwsDefaultChain extends AwsSettings {
  readonly kind: 'default_chain'
}

/** Credentials for AWS. */
export type AwsCredentials = AwsKeys | AwsProfile | AwsDefaultChain

/** A configuration of AWS credentials. */
export type AwsCredentialsSchema = v.GenericSchema<string | FieldValues, AwsCredentials>

/**
 * AWS credentials: keys, or the name of a profile. Where neither is given, the machine's own are used if there are any (variables,
 * files in `~/.aws`, a web identity, a container's role); the text `default` asks for them without looking.
 *
 * @param machine where the machine's own credentials are looked for; this machine when absent
 */
export function aws(machine: Machine = {}): AwsCredentialsSchema {
  const text = v.pipe(v.string(), v.trim())
  const schema = v.pipe(
    v.looseObject({
      aws_access_key_id: v.nullish(text),
      aws_secret_access_key: v.nullish(secret(text)),
      aws_session_token: v.optional(secret(text)),
      profile_name: v.optional(v.string()),
      region_name: v.optional(v.string()),
      endpoint_url: v.optional(v.string()),
      s3_url_style: v.optional(v.string()),
      role_arn: v.optional(v.string()),
    }),
    v.check((found) => hasKeys(found) || found.profile_name !== undefined || found['kind'] === 'default_chain'),
    v.transform((found): AwsCredentials => neutral(found)),
  )
  return withNativeForm(schema, {
    describe: '"default"; keys and profiles are given by their own names',
    required: ['aws_access_key_id', 'aws_secret_access_key'],
    parse: (value) => (typeof value === 'string' && value.trim() === 'default' ? machineMark : undefined),
    complete: (found) => completed(found, machine),
  })
}

/** What tells credentials of the machine from fields that are missing, for instance those of another form in a union. */
const machineMark = { kind: 'default_chain', aws_access_key_id: null, aws_secret_access_key: null } as const

interface FoundFields {
  readonly aws_access_key_id?: string | null | undefined
  readonly aws_secret_access_key?: string | null | undefined
  readonly aws_session_token?: string | undefined
  readonly profile_name?: string | undefined
  readonly region_name?: string | undefined
  readonly endpoint_url?: string | undefined
  readonly s3_url_style?: string | undefined
  readonly role_arn?: string | undefined
}

interface KeyFields extends FoundFields {
  readonly aws_access_key_id: string
  readonly aws_secret_access_key: string
}

function hasKeys(found: FoundFields): found is KeyFields {
  return typeof found.aws_access_key_id === 'string' && typeof found.aws_secret_access_key === 'string'
}

function neutral(found: FoundFields): AwsCredentials {
  const { aws_session_token, profile_name } = found
  const settings = settingsOf(found)
  if (hasKeys(found)) {
    const { aws_access_key_id, aws_secret_access_key } = found
    const token = aws_session_token === undefined ? {} : { aws_session_token }
    return concealFields({ kind: 'keys', aws_access_key_id, aws_secret_access_key, ...token, ...settings }, [
      'aws_secret_access_key',
      'aws_session_token',
    ])
  }
  return profile_name === undefined
    ? { kind: 'default_chain', ...settings }
    : { kind: 'profile', profile_name, ...settings }
}

function settingsOf({ region_name, endpoint_url, s3_url_style, role_arn }: FoundFields): AwsSettings {
  return {
    ...(region_name !== undefined && { region_name }),
    ...(endpoint_url !== undefined && { endpoint_url }),
    ...(s3_url_style !== undefined && { s3_url_style }),
    ...(role_arn !== undefined && { role_arn }),
  }
}

// One key without the other is a mistake, not a wish for other credentials.
function completed(found: FieldValues, machine: Machine): FieldValues | undefined {
  if (typeof found['aws_access_key_id'] === 'string' || typeof found['aws_secret_access_key'] === 'string')
    return undefined
  const region = found['region_name'] ?? variable(machine, 'AWS_REGION') ?? variable(machine, 'AWS_DEFAULT_REGION')
  const isKnown = typeof found['profile_name'] === 'string' || hasOwnCredentials(machine)
  return isKnown ? { ...found, ...machineMark, ...(region !== undefined && { region_name: region }) } : undefined
}

const signs: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
]

function hasOwnCredentials(machine: Machine): boolean {
  if (signs.some((name) => variable(machine, name) !== undefined)) return true
  const files = [
    variable(machine, 'AWS_SHARED_CREDENTIALS_FILE') ?? join(homeOf(machine), '.aws', 'credentials'),
    variable(machine, 'AWS_CONFIG_FILE') ?? join(homeOf(machine), '.aws', 'config'),
  ]
  return files.some((file) => existsSync(file))
}
