const shortened = 'names are shortened to 63 bytes'

/** Recorded cases that come out differently on Postgres, by name, and why. Each was looked at. */
export const differentOnPostgres: { readonly [name: string]: string } = {
  'columns-precision': 'a timestamp with nine digits of a second is refused: Postgres keeps six at most',
  'fuzz-long-table-name': shortened,
  'merge-long-names': shortened,
  'names-long': shortened,
  'real-package-manifests': shortened,
  'text-nul': 'a text with U+0000 is refused: Postgres cannot hold it',
}
