/** Where the fields of a configuration are looked for. */
export interface LookupScope {
  /** Sections of the configuration as a whole: `['sources', <section>, <name>]`. */
  readonly sections: readonly string[]
  /** Names of the enclosing fields, outermost first. */
  readonly embedded: readonly string[]
  /** A section of the configuration itself, for instance `runtime`. */
  readonly ownSection?: string
}

/**
 * The paths at which a field is looked for, most specific first, without the pipeline's name.
 *
 * Sections are left out from the right, one after another; the innermost enclosing field always stays. A source can be configured
 * without its section, too: `sources.<name>`. Enclosing fields whose name starts with `_` are no part of a path.
 */
export function lookupPaths(key: string, scope: LookupScope): readonly (readonly string[])[] {
  const innermost = scope.embedded.at(-1)
  const last = innermost !== undefined && !isHidden(innermost) ? innermost : scope.ownSection
  const tail = last === undefined ? [key] : [last, key]
  const enclosing = scope.embedded.slice(0, -1).filter((name) => !isHidden(name))
  const namespace = [...scope.sections, ...enclosing]
  const paths = Array.from({ length: namespace.length + 1 }, (_, left) => [
    ...namespace.slice(0, namespace.length - left),
    ...tail,
  ])
  const compact = compactSections(scope.sections)
  if (compact !== undefined) insertNew(paths, [...compact, ...enclosing, ...tail])
  return paths
}

/** The scope of the fields inside of a field. */
export function scopeInside(key: string, { sections, embedded, ownSection }: LookupScope): LookupScope {
  const outermost = embedded.length === 0 && ownSection !== undefined ? [ownSection] : []
  return { sections, embedded: [...embedded, ...outermost, key] }
}

/** The sections of a source without the one that only says in which module it was declared. */
export function compactSections([top, section, name]: readonly string[]): readonly string[] | undefined {
  if (top !== 'sources' || name === undefined || section === name) return undefined
  return [top, name]
}

function isHidden(name: string): boolean {
  return name.startsWith('_')
}

function insertNew(paths: string[][], path: string[]): void {
  const isKnown = paths.some((known) => known.length === path.length && known.every((part, at) => part === path[at]))
  if (!isKnown) paths.splice(2, 0, path)
}
