import { join } from 'node:path'
import * as v from 'valibot'
import { concealFields } from '../conceal-secrets.ts'
import { type FieldValues, withNativeForm } from '../native-form.ts'
import { secret } from '../secret.ts'
import { homeOf, type Machine, parseJsonObject, readJsonFile, variable } from './machine.ts'

/** A service account with its key. Printing it does not show the key. */
export interface GoogleServiceAccount {
  readonly kind: 'service_account'
  readonly project_id: string
  readonly client_email: string
  /** PEM text that ends with a line break. */
  readonly private_key: string
  readonly private_key_id?: string
  readonly token_uri: string
}

/** The credentials of the machine, which the client of Google finds by itself. */
export interface GoogleApplicationDefault {
  readonly kind: 'application_default'
  readonly project_id?: string
}

/** Credentials for Google. */
export type GoogleCredentials = GoogleServiceAccount | GoogleApplicationDefault

/** A configuration of Google credentials. */
export type GoogleCredentialsSchema = v.GenericSchema<string | FieldValues, GoogleCredentials>

const tokenUri = 'https://oauth2.googleapis.com/token'

/**
 * Credentials of a Google service account: field by field, as the JSON text of its key file, or as the path of that file. Where no key
 * is given, the machine's application default credentials are used if there are any (`GOOGLE_APPLICATION_CREDENTIALS`, those of
 * `gcloud auth application-default login`, Cloud Run); the text `default` asks for them without looking.
 *
 * @param machine where application default credentials are looked for; this machine when absent
 */
export function googleServiceAccount(machine: Machine = {}): GoogleCredentialsSchema {
  const schema = v.pipe(
    v.looseObject({
      project_id: v.nullish(v.string()),
      private_key: v.nullish(secret(v.pipe(v.string(), v.transform(withLineBreak)))),
      private_key_id: v.optional(v.string()),
      client_email: v.nullish(v.string()),
      token_uri: v.optional(v.string(), tokenUri),
    }),
    v.check((found) => isServiceAccount(found) || found['kind'] === 'application_default'),
    v.transform((found): GoogleCredentials => neutral(found)),
  )
  return withNativeForm(schema, {
    describe: "a Google service account's key file, as JSON text or as path",
    required: ['project_id', 'private_key', 'client_email'],
    parse: (value) => parseKeyFile(value),
    complete: (found) => {
      if (found['kind'] === machineMark.kind) return found
      const isPartial = found['private_key'] !== undefined || found['client_email'] !== undefined
      return isPartial ? undefined : applicationDefault(found, machine)
    },
  })
}

/** What tells credentials of the machine from fields that are missing, for instance those of another form in a union. */
const machineMark = { kind: 'application_default', private_key: null, client_email: null } as const

interface FoundFields {
  readonly project_id?: string | null | undefined
  readonly private_key?: string | null | undefined
  readonly private_key_id?: string | undefined
  readonly client_email?: string | null | undefined
  readonly token_uri: string
}

interface AccountFields extends FoundFields {
  readonly project_id: string
  readonly private_key: string
  readonly client_email: string
}

function isServiceAccount(found: FoundFields): found is AccountFields {
  return [found.project_id, found.private_key, found.client_email].every((value) => typeof value === 'string')
}

function neutral(found: FoundFields): GoogleCredentials {
  const { project_id, private_key_id } = found
  if (!isServiceAccount(found))
    return { kind: 'application_default', ...(typeof project_id === 'string' && { project_id }) }
  const account: GoogleServiceAccount = {
    kind: 'service_account',
    project_id: found.project_id,
    client_email: found.client_email,
    private_key: found.private_key,
    ...(private_key_id !== undefined && { private_key_id }),
    token_uri: found.token_uri,
  }
  return concealFields(account, ['private_key'])
}

function parseKeyFile(value: unknown): FieldValues | undefined {
  if (typeof value !== 'string') return undefined
  if (value.trim() === 'default') return machineMark
  const document = value.trim().startsWith('{') ? parseJsonObject(value) : readJsonFile(value.trim())
  if (document === undefined || !('private_key' in document || 'client_email' in document)) return undefined
  const { project_id, private_key, private_key_id, client_email, token_uri } = document
  return { project_id, private_key, private_key_id, client_email, token_uri }
}

function applicationDefault(found: FieldValues, machine: Machine): FieldValues | undefined {
  const file = variable(machine, 'GOOGLE_APPLICATION_CREDENTIALS')
  const ownFile = join(homeOf(machine), '.config', 'gcloud', 'application_default_credentials.json')
  const document = readJsonFile(file ?? ownFile)
  const isGoogleMachine = file === undefined && variable(machine, 'K_SERVICE') !== undefined
  if (document === undefined && !isGoogleMachine) return undefined
  const project =
    found['project_id'] ??
    variable(machine, 'GOOGLE_CLOUD_PROJECT') ??
    document?.['project_id'] ??
    document?.['quota_project_id']
  return { ...found, ...machineMark, project_id: project }
}

// Keys without a line break at their end are not accepted by some readers of PEM.
function withLineBreak(key: string): string {
  return key.endsWith('\n') ? key : `${key}\n`
}
