import { existsSync } from 'node:fs'
import { getuid } from 'node:process'
import { runProgram } from './run-program.ts'

const lockFile = '/var/tmp/dlt-test-services.lock'

/** Whether packages can be installed here: Debian or a relative, as root. */
const canInstall = (): boolean => getuid?.() === 0 && existsSync('/etc/debian_version')

/** Installs a package of Debian; false where this is another system or another user. Errors of apt are thrown. */
export const installDebianPackage = async (name: string): Promise<boolean> => {
  if (!canInstall()) return false
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  // Two test files may want one at the same time, and apt waits for nobody.
  const apt = (...command: readonly string[]) =>
    runProgram('flock', [lockFile, 'apt-get', '--quiet', ...command], { environment })
  const install = () => apt('install', '--yes', '--no-install-recommends', name)
  await install().catch(async () => {
    // The lists may be old, or absent as in most images.
    await apt('update')
    await install()
  })
  return true
}
