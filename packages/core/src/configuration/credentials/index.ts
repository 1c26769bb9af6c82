export {
  type AwsCredentials,
  type AwsCredentialsSchema,
  type AwsDefaultChain,
  type AwsKeys,
  type AwsProfile,
  type AwsSettings,
  aws,
} from './aws.ts'
export {
  type ConnectionCredentials,
  type ConnectionParts,
  type ConnectionStringOptions,
  type ConnectionStringSchema,
  connectionString,
  formatConnectionString,
  parseConnectionString,
} from './connection-string.ts'
export {
  type GoogleApplicationDefault,
  type GoogleCredentials,
  type GoogleCredentialsSchema,
  type GoogleServiceAccount,
  googleServiceAccount,
} from './google.ts'
export type { Machine } from './machine.ts'
export { type OAuth2Credentials, type OAuth2Schema, oauth2 } from './oauth2.ts'
