/**
 * Checks the arrows between packages (docs/architecture.md), type imports included:
 * which packages the sources and the tests of a package may import, and that vendors are named in their own package only.
 */
import { globSync, readFileSync } from 'node:fs'

interface Rule {
  /** Packages that `src` may import. */
  readonly src: readonly string[]
  /** Packages that `test` may import beside those. */
  readonly test: readonly string[]
}

const destination: Rule = {
  src: ['schema', 'destination'],
  test: ['destination-testkit', 'core', 'file-formats', 'test-services'],
}

const rules: Record<string, Rule> = {
  schema: { src: [], test: [] },
  destination: { src: ['schema'], test: [] },
  'normalize-json': { src: ['schema', 'destination'], test: [] },
  'file-formats': { src: ['schema', 'destination'], test: [] },
  core: { src: ['schema', 'destination', 'normalize-json', 'file-formats'], test: [] },
  'destination-testkit': { src: ['schema', 'destination', 'file-formats', 'core'], test: [] },
  'destination-duckdb': destination,
  'destination-postgres': destination,
  'test-services': { src: [], test: [] },
}

/** The only sources outside `destination-<vendor>` that may name a vendor: the list of official packages. */
const vendorLists = ['packages/core/src/destinations/']
const vendorName = /duckdb|postgres|redshift|bigquery|snowflake/i
const importedPackage = /(?:from|import)\s*\(?\s*'@dlt\/([a-z-]+)(?:\/[^']*)?'/g
const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm

const problems: string[] = []

const checkImports = (file: string, code: string, packageName: string, allowed: readonly string[]): void => {
  for (const [, imported] of code.matchAll(importedPackage)) {
    if (imported !== undefined && imported !== packageName && !allowed.includes(imported))
      problems.push(`${file}: "@dlt/${packageName}" may not import "@dlt/${imported}" here`)
  }
}

const checkVendor = (file: string, code: string, packageName: string): void => {
  if (packageName.startsWith('destination-') && packageName !== 'destination-testkit') return
  if (packageName === 'test-services') return
  if (vendorLists.some((folder) => file.startsWith(folder))) return
  const line = code.split('\n').findIndex((text) => vendorName.test(text))
  if (line >= 0) problems.push(`${file}:${line + 1}: names a vendor; that belongs into its destination package`)
}

for (const file of globSync('packages/*/{src,test}/**/*.ts')) {
  const [, packageName = '', folder] = file.split('/')
  if (packageName === 'e2e') continue
  const rule = rules[packageName]
  if (rule === undefined) {
    problems.push(`${file}: package "${packageName}" has no rule in tooling/check-boundaries.ts`)
    continue
  }
  const code = readFileSync(file, 'utf8').replace(comment, (text) => text.replace(/[^\n]/g, ''))
  checkImports(file, code, packageName, folder === 'src' ? rule.src : [...rule.src, ...rule.test])
  if (folder === 'src') checkVendor(file, code, packageName)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('Import boundaries: no violations')
