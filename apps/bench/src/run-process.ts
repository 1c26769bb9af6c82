import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const maxOutputBytes = 64 * 1024 * 1024

/**
 * Runs a program in a folder of its own.
 * @returns what it printed
 */
export async function runProcess(
  { name, executable }: { readonly name: string; readonly executable: string },
  args: readonly string[],
  folder: string,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(executable, args, {
      cwd: folder,
      env: { ...process.env, DLT_DATA_DIR: join(folder, 'dlt') },
      maxBuffer: maxOutputBytes,
    })
    return stdout
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause)
    throw new Error(`"${name}" failed:\n${said}`, { cause })
  }
}
