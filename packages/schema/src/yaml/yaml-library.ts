import { createRequire } from 'node:module'
import type * as YamlLibrary from 'yaml'

let loaded: typeof YamlLibrary | undefined

/** The library that reads YAML. It is loaded when it is first asked for: its 70 modules would take 20 ms of every start. */
export function yaml(): typeof YamlLibrary {
  loaded ??= createRequire(import.meta.url)('yaml') as typeof YamlLibrary
  return loaded
}
