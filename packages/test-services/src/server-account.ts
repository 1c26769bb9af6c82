import { getuid } from 'node:process'
import { runProgram } from './run-program.ts'

/** A user and a group of the system, by number. */
export interface ServerAccount {
  readonly uid: number
  readonly gid: number
}

/** The account that servers run under: they refuse to be root. Nothing where this process is not root either. */
export const serverAccount = async (): Promise<ServerAccount | undefined> => {
  if (getuid?.() !== 0) return undefined
  const number = async (flag: string, user: string) => Number(await runProgram('id', [flag, user]))
  const account = async (user: string) => ({ uid: await number('-u', user), gid: await number('-g', user) })
  return account('postgres').catch(() => account('nobody'))
}
