/**
 * Runs once per test run: keeps Node from crashing while worker threads load sources. Node takes types out of them with a WebAssembly module,
 * one in each thread. When such a module has called an imported function 1,000 times, V8 compiles a wrapper of its own for the call, in memory
 * that all threads of the process share, and frees the one before: one process of some hundred then ends with SIGSEGV or SIGTRAP (the stack
 * says `Runtime_TierUpWasmToJSWrapper`; https://github.com/nodejs/node/issues/64500). Here no function is called so often that V8 does it.
 * What is published has no types to take out.
 */
import { join } from 'node:path'
import { env } from 'node:process'

const script = join(import.meta.dirname, 'keep-wrappers.cjs')

export const setup = (): void => {
  // Forks of vitest, the programs that tests run, and their threads inherit it.
  env['NODE_OPTIONS'] = [env['NODE_OPTIONS'], `--require=${JSON.stringify(script)}`].filter(Boolean).join(' ')
}
