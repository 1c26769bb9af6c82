import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readKyselyName, spellKyselyName } from '../../src/sql/kysely-names.ts'

it('leaves names alone that Kysely takes as they are', () => {
  for (const name of ['id', '_dlt_id', 'é', "it's", 'a"b', '🦆', 'a-b', '']) expect(spellKyselyName(name)).toBe(name)
})

it('spells what Kysely would split', () => {
  expect(spellKyselyName('a.b')).toBe('a%2Eb')
  expect(spellKyselyName('a as b')).toBe('a%20as%20b')
  expect(spellKyselyName('100%')).toBe('100%25')
  expect(spellKyselyName('a\u2028b')).toBe('a%u2028b')
})

it('reads every name as it was, and no spelled one has a dot or a blank', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('%', '.', ' ', '2', 'E', 'u', '0', 'a') }),
  )
  fc.assert(
    fc.property(names, (name) => {
      expect(readKyselyName(spellKyselyName(name))).toBe(name)
      expect(spellKyselyName(name)).not.toMatch(/[.\s]/)
    }),
  )
})
