interface Remedy {
  readonly code: string
  /** What the server's text says, where a code stands for several things. Default: anything. */
  readonly says?: RegExp
  readonly remedy: string
}

const nulRemedy = 'Postgres cannot hold the character U+0000, neither in text nor in JSON: remove it from the data.'

/** What to do about conditions that loads meet; the first one that fits. */
const remedies: readonly Remedy[] = [
  {
    code: '0A000',
    says: /row-level security/,
    remedy: 'Load with the owner of the table, or with a role that has BYPASSRLS.',
  },
  {
    code: '0A000',
    says: /unique constraint on partitioned table/,
    remedy: 'Set "createIndexes" to false, so that no column has to be unique.',
  },
  { code: '22021', remedy: 'Postgres texts cannot hold the character U+0000: remove it from the data.' },
  {
    code: '22P05',
    says: /has no equivalent in encoding/,
    remedy: 'Load into a database with the encoding "UTF8", or remove such characters.',
  },
  { code: '22P05', remedy: nulRemedy },
  {
    code: '25006',
    remedy:
      'Connect to a server that takes changes, not to a standby, or load with a role whose transactions are not read-only.',
  },
  {
    code: '42501',
    remedy: 'Give the role the privilege, see "Permissions" in the README of @dlt/destination-postgres.',
  },
  {
    code: '42809',
    remedy: 'What has this name is no table that takes rows. Rename it, or load into another dataset.',
  },
  {
    code: '42P07',
    remedy:
      'Something of the dataset that is no table, such as a sequence, an index or a type, has this name. Rename it, or load into another dataset.',
  },
  { code: '53100', remedy: 'Free some space on the disk of the server, then run again.' },
  { code: '53300', remedy: 'Close connections, or allow more ("max_connections"), then run again.' },
  {
    code: '54011',
    remedy:
      'Postgres tables have at most 1,600 columns: set "max_table_nesting" lower so that objects stay JSON, or split the table.',
  },
  {
    code: '55P03',
    remedy:
      'Another transaction holds a lock on a table for longer than "lockTimeout". Wait for it, or end it, then run again.',
  },
  {
    code: '57014',
    remedy: 'A statement took longer than its timeout. Set "statementTimeout" higher, or that of the role.',
  },
]

/** What to do about an error of the server, as a sentence behind a space; empty where only its own words are known. */
export const remedyOf = ({ code, message }: { readonly code: string; readonly message: string }): string => {
  const found = remedies.find((one) => one.code === code && (one.says === undefined || one.says.test(message)))
  return found === undefined ? '' : ` ${found.remedy}`
}
