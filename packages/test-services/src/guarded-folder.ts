import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerAccount } from './server-account.ts'

/** A server's temporary folder, and the watcher that ends the server and removes the folder when this process ends in whatever way. */
export interface GuardedFolder {
  readonly path: string
  /** Ends the server and removes the folder now. */
  remove(): Promise<void>
}

/** What a folder is made for. */
export interface GuardedFolderOptions {
  /** Begins the folder's name. */
  readonly prefix: string
  /** Who owns the folder. Default: the user of this process. */
  readonly account: ServerAccount | undefined
  /** Shell commands that end the server, run in the folder; they return when it has ended and must not mind when there is none. */
  readonly stop: string
  /** Whether other users may enter the folder. Default: false. */
  readonly shared?: boolean
}

// Reading ends when the writing end is closed: by `remove`, or by the system when this process is gone, killed or not.
const watch = (stop: string) => `cat >/dev/null; cd "$1" && { ${stop}; cd /; rm -rf "$1"; }`

/** Makes a folder with a watcher. */
export const guardedFolder = async ({
  prefix,
  account,
  stop,
  shared = false,
}: GuardedFolderOptions): Promise<GuardedFolder> => {
  const path = await mkdtemp(join(tmpdir(), prefix))
  if (account !== undefined) await chown(path, account.uid, account.gid)
  await chmod(path, shared ? 0o755 : 0o700)
  // In a session of its own: an interrupt from the keyboard must not end it together with this process.
  const watcher = spawn('/bin/sh', ['-c', watch(stop), 'watcher', path], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await once(watcher, 'spawn')
  const ended = once(watcher, 'exit')
  watcher.unref()
  return {
    path,
    remove: async () => {
      watcher.ref()
      watcher.stdin.end()
      await ended
    },
  }
}
