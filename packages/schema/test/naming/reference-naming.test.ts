import { expect, it } from 'vitest'
import { namingConvention } from '../../src/index.ts'
import { referenceCases } from '../recorded/reference-cases.ts'

function attempt(normalize: () => string): string | null {
  try {
    return normalize()
  } catch {
    return null
  }
}

it('normalizes recorded names of all conventions and lengths as the reference does', () => {
  expect(referenceCases.naming.length).toBeGreaterThan(100)
  for (const recorded of referenceCases.naming) {
    const naming = namingConvention(recorded.convention, recorded.maxLength ?? undefined)
    expect({
      ...recorded,
      identifier: attempt(() => naming.normalizeIdentifier(recorded.text)),
      tableIdentifier: attempt(() => naming.normalizeTableIdentifier(recorded.text)),
      path: attempt(() => naming.normalizePath(recorded.text)),
      tablesPath: attempt(() => naming.normalizeTablesPath(recorded.text)),
    }).toEqual(recorded)
  }
})
