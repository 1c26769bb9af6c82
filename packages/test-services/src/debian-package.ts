import { existsSync } from 'node:fs'
import { getuid } from 'node:process'
import { runProgram } from './run-program.ts'

/** Whether packages can be installed here: Debian or a relative, as root. */
const canInstall = (): boolean => getuid?.() === 0 && existsSync('/etc/debian_version')

/** Installs a package of Debian; false where this is another system or another user. Errors of apt are thrown. */
export const installDebianPackage = async (name: string): Promise<boolean> => {
  if (!canInstall()) return false
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = () =>
    runProgram('apt-get', ['install', '--yes', '--no-install-recommends', '--quiet', name], { environment })
  await install().catch(async () => {
    // The lists may be old, or absent as in most images.
    await runProgram('apt-get', ['update', '--quiet'], { environment })
    await install()
  })
  return true
}
