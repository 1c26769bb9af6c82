import type { LookupContext } from './ask-providers.ts'
import { compactSections, type LookupScope } from './lookup-paths.ts'
import type { Origin } from './origin.ts'

/** What a resolution works on. */
export interface ResolveContext extends LookupContext {
  /** Where values came from, by the path of their field in code; filled while resolving. */
  readonly origins: Map<string, Origin>
}

/** Where a field stands. */
export interface FieldPlace {
  /** Its name at providers. */
  readonly name: string
  /** Where it is looked for. */
  readonly scope: LookupScope
  /** Names in code, its own last. */
  readonly path: readonly string[]
}

/** What is known of a field beside what providers have. */
export interface GivenValue {
  /** Wins over all providers; undefined is as if it was not given, null means that there is no value. */
  readonly explicit?: unknown
  /** Holds where no provider has a value. */
  readonly fallback?: unknown
}

/**
 * The path to recommend for a value: that of its configuration, for a source without the section that only says where it was declared.
 */
export function recommendedPath({ name, scope }: FieldPlace): readonly string[] {
  const { sections, embedded, ownSection } = scope
  const [top, section, source] = sections
  const isRepeated = top === 'sources' && source !== undefined && section === source
  const base = isRepeated ? [top, source] : (compactSections(sections) ?? sections)
  const own = embedded.length === 0 && ownSection !== undefined ? [ownSection] : embedded
  return [...base, ...own.filter((part) => !part.startsWith('_')), name]
}
