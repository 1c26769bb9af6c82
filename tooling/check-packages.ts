/** Packs every public package and checks the tarballs with publint and attw. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (command: string, ...args: readonly string[]): boolean => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) console.error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
  return status === 0
}

const folder = mkdtempSync(join(tmpdir(), 'dlt-pack-'))
try {
  let sound = run(
    'pnpm',
    '--filter',
    './packages/*',
    '--filter',
    '!@dlt/e2e',
    '--filter',
    '!@dlt/test-services',
    'pack',
    '--pack-destination',
    folder,
  )
  const tarballs = readdirSync(folder).map((name) => join(folder, name))
  for (const tarball of tarballs) {
    sound = run('publint', tarball, '--strict') && sound
    sound = run('attw', tarball, '--profile', 'esm-only') && sound
  }
  if (!sound || tarballs.length === 0) process.exitCode = 1
  else console.log(`Packed packages: ${tarballs.length} sound`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
