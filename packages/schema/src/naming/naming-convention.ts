import { DltError } from '../dlt-error.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { ConventionRules } from './convention-rules.ts'
import { type NameLimit, type NameLimitOption, nameLimit } from './name-limit.ts'
import { isBlank, strip } from './python-text.ts'
import { shortenIdentifier } from './shorten.ts'
import { s3Tables, snakeCase } from './snake-case.ts'
import { sqlCaseInsensitive, sqlCaseSensitive } from './sql-identifiers.ts'
import { direct, duckCase } from './verbatim.ts'

/**
 * How names of the data become names of tables and columns. Results are cached, so the functions may be called per value.
 * Functions that normalize throw `DltError` IDENTIFIER for names that are empty or white space.
 */
export interface NamingConvention {
  /** Short name, as in schema documents. */
  readonly name: string
  /** How long names may be; longer ones are shortened around a tag. No limit when absent. */
  readonly limit?: NameLimit
  /** Whether names that differ only in case are different names. */
  readonly caseSensitive: boolean
  /** What stands between the parts of a path, for columns of nested objects and for nested tables. */
  readonly pathSeparator: string
  /** Normalizes one name of a column; may return an empty text where nothing of the name can be kept. */
  normalizeIdentifier(identifier: string): string
  /** Normalizes one name of a table. */
  normalizeTableIdentifier(identifier: string): string
  /** Normalizes every part of a path of columns, and shortens the whole. Empty for a path of separators only. */
  normalizePath(path: string): string
  /** Normalizes every part of a path of tables, and shortens the whole. */
  normalizeTablesPath(path: string): string
  /** Joins names that are normalized already; blank ones are left out. */
  makePath(...identifiers: string[]): string
  /** The parts of a path that are not blank. */
  breakPath(path: string): readonly string[]
  /** Joins names that are normalized already, and shortens the whole. */
  shortenFragments(...normalized: string[]): string
}

const conventions: ReadonlyMap<string, ConventionRules> = new Map(
  [snakeCase, sqlCaseSensitive, sqlCaseInsensitive, direct, duckCase, s3Tables].map((rules) => [rules.name, rules]),
)

/** Names of all naming conventions, the usual one first. */
export const namingConventionNames: readonly string[] = [...conventions.keys()]

const legacyModules: ReadonlyMap<string, string> = new Map([['dlt.common.normalizers.names.snake_case', 'snake_case']])

/** The short name behind a reference: itself, a Python module path, or the path of the class in that module. */
function shortName(reference: string): string {
  const module = reference.replace(/\.NamingConvention$/, '')
  return legacyModules.get(module) ?? module.replace(/^dlt\.common\.normalizers\.naming\./, '')
}

function findRules(reference: string): ConventionRules {
  const rules = conventions.get(shortName(reference))
  if (rules === undefined) {
    throw new DltError(
      `Naming convention "${reference}" is unknown. Use one of ${[...conventions.keys()].map((name) => `"${name}"`).join(', ')}.`,
      { code: 'CONFIGURATION' },
    )
  }
  return rules
}

function checkedLimit(rules: ConventionRules, given: NameLimitOption): NameLimit | undefined {
  const limit = nameLimit(given)
  if (rules.lengthLimit === undefined) return limit
  if (limit !== undefined && limit.maxLength > rules.lengthLimit) {
    throw new DltError(
      `Naming convention "${rules.name}" allows names of at most ${rules.lengthLimit} characters, not ${limit.maxLength}. Set a shorter maximum length.`,
      { code: 'CONFIGURATION' },
    )
  }
  return limit ?? { maxLength: rules.lengthLimit }
}

const cacheSize = 10_000

class RuledConvention implements NamingConvention {
  readonly name: string
  declare readonly limit?: NameLimit
  readonly caseSensitive: boolean
  readonly pathSeparator: string
  readonly #rules: ConventionRules
  readonly #identifiers: BoundedCache
  readonly #paths: BoundedCache
  readonly #tablePaths: BoundedCache

  constructor(rules: ConventionRules, limit: NameLimit | undefined) {
    this.name = rules.name
    if (limit !== undefined) this.limit = limit
    this.caseSensitive = rules.caseSensitive
    this.pathSeparator = rules.pathSeparator
    this.#rules = rules
    this.#identifiers = new BoundedCache(cacheSize, (identifier) => this.#normalize(identifier))
    this.#paths = new BoundedCache(cacheSize, (path) =>
      this.#normalizeParts(path, (part) => this.normalizeIdentifier(part)),
    )
    this.#tablePaths = new BoundedCache(cacheSize, (path) =>
      this.#normalizeParts(path, (part) => this.normalizeTableIdentifier(part)),
    )
  }

  normalizeIdentifier(identifier: string): string {
    return this.#identifiers.get(identifier)
  }

  normalizeTableIdentifier(identifier: string): string {
    const normalized = this.normalizeIdentifier(identifier)
    return this.#rules.cleanTable === undefined ? normalized : this.#rules.cleanTable(normalized)
  }

  normalizePath(path: string): string {
    return this.#paths.get(path)
  }

  normalizeTablesPath(path: string): string {
    return this.#tablePaths.get(path)
  }

  makePath(...identifiers: string[]): string {
    return identifiers.filter((identifier) => !isBlank(identifier)).join(this.pathSeparator)
  }

  breakPath(path: string): readonly string[] {
    return path.split(this.pathSeparator).filter((part) => !isBlank(part))
  }

  shortenFragments(...normalized: string[]): string {
    const path = this.makePath(...normalized)
    return shortenIdentifier(path, path, this.limit)
  }

  #normalize(identifier: string): string {
    const stripped = strip(identifier)
    if (stripped === '') {
      throw new DltError('A name is empty or white space. Give every table and column a name.', { code: 'IDENTIFIER' })
    }
    return shortenIdentifier(this.#rules.clean(stripped), stripped, this.limit)
  }

  #normalizeParts(path: string, normalize: (part: string) => string): string {
    const parts = this.breakPath(path).map(normalize)
    return shortenIdentifier(this.makePath(...parts), path, this.limit)
  }
}

const instances = new Map<string, NamingConvention>()

/**
 * The naming convention of a name: `snake_case` (the reference system's default), `sql_cs_v1`, `sql_ci_v1`, `direct`,
 * `duck_case` or `s3_tables`, also as the full path of the Python module.
 *
 * @param given how long names may be, usually the destination's limit; a bare number counts code points. No limit when absent.
 * @throws DltError CONFIGURATION for an unknown name, or a length that the convention does not allow.
 */
export function namingConvention(name: string, given?: NameLimitOption): NamingConvention {
  const rules = findRules(name)
  const limit = checkedLimit(rules, given)
  const key = `${rules.name} ${limit?.maxLength ?? ''} ${limit?.lengthIn ?? 'characters'}`
  const known = instances.get(key)
  if (known !== undefined) return known
  const convention = new RuledConvention(rules, limit)
  instances.set(key, convention)
  return convention
}
