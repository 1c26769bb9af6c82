import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

// A process that runs a program and prints which modules it loaded: `node print-modules.ts <program> <its arguments>`.
const loaded = new Set<string>()
registerHooks({
  load: (url, context, nextLoad) => {
    loaded.add(url)
    return nextLoad(url, context)
  },
})
const [program = ''] = process.argv.slice(2)
await import(pathToFileURL(program).href)
console.log(JSON.stringify([...loaded]))
