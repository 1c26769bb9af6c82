const codes: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']

/**
 * The name of the package that was not found, if that is what the error says; undefined for any other error, also for a missing
 * file inside of a package.
 */
export function missingModule(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !codes.includes(error.code)) return undefined
  const specifier = /Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1]
  if (specifier === undefined || /^(?:[./\\]|[a-z]:|file:)/i.test(specifier)) return undefined
  const [scope, name] = specifier.split('/')
  return specifier.startsWith('@') ? `${scope}/${name}` : scope
}
