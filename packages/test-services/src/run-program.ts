import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ServerAccount } from './server-account.ts'

const execute = promisify(execFile)

/** Where and as whom a program runs. */
export interface ProgramOptions {
  /** The account it runs under. Default: the one of this process. */
  readonly account?: ServerAccount | undefined
  /** Default: the root folder, which every account may enter. */
  readonly folder?: string
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a program to its end and returns what it printed. The error of a failed one carries what it complained about. */
export const runProgram = async (
  program: string,
  parameters: readonly string[],
  { account, folder = '/', environment }: ProgramOptions = {},
): Promise<string> => {
  const { stdout } = await execute(program, [...parameters], {
    ...account,
    cwd: folder,
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

/** The last line of what a program complained about. */
export const lastLine = (error: unknown): string => {
  const { stderr = '', message = '' } = Object(error)
  const lines = `${message}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  return lines.at(-1) ?? String(error)
}
