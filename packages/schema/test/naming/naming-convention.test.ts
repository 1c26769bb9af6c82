import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DltError, type NamingConvention, namingConvention } from '../../src/index.ts'
import { shortenIdentifier, shorteningTag } from '../../src/naming/shorten.ts'

const names = ['snake_case', 'sql_cs_v1', 'sql_ci_v1', 'direct', 'duck_case', 's3_tables'] as const

describe('looking up a convention', () => {
  it.each(names)('knows %s by its short name, its module and its class', (name) => {
    const module = `dlt.common.normalizers.naming.${name}`
    for (const reference of [name, module, `${module}.NamingConvention`]) {
      expect(namingConvention(reference).name).toBe(name)
    }
  })

  it('reads the module name of old schemas as snake_case', () => {
    expect(namingConvention('dlt.common.normalizers.names.snake_case').name).toBe('snake_case')
  })

  it('refuses unknown names and lists the known ones', () => {
    expect(() => namingConvention('camel_case')).toThrow(
      'Naming convention "camel_case" is unknown. Use one of "snake_case", "sql_cs_v1", "sql_ci_v1", "direct", "duck_case", "s3_tables".',
    )
    expect(() => namingConvention('constructor')).toThrow('unknown')
  })

  it('gives the same object for the same name and length', () => {
    expect(namingConvention('snake_case', 63)).toBe(namingConvention('dlt.common.normalizers.naming.snake_case', 63))
    expect(namingConvention('snake_case', 63)).not.toBe(namingConvention('snake_case', 64))
  })

  it('tells what destinations must know', () => {
    const told = names
      .map((name) => namingConvention(name))
      .map((naming) => [naming.caseSensitive, naming.pathSeparator])
    expect(told).toEqual([
      [false, '__'],
      [true, '__'],
      [false, '__'],
      [true, '▶'],
      [true, '__'],
      [false, '__'],
    ])
    expect('limit' in namingConvention('snake_case')).toBe(false)
    expect(namingConvention('snake_case', 63).limit).toEqual({ maxLength: 63 })
    const inBytes = { maxLength: 63, lengthIn: 'bytes' } as const
    expect(namingConvention('snake_case', inBytes).limit).toEqual(inBytes)
    expect(namingConvention('snake_case', { ...inBytes })).toBe(namingConvention('snake_case', inBytes))
  })

  it('limits s3_tables to 255 characters', () => {
    expect(namingConvention('s3_tables').limit).toEqual({ maxLength: 255 })
    expect(namingConvention('s3_tables', 30).limit).toEqual({ maxLength: 30 })
    expect(() => namingConvention('s3_tables', 256)).toThrow('at most 255 characters, not 256')
  })
})

describe('shortening', () => {
  it.each([
    ['a', 'hcjeia'],
    ['hello', 'jrs2qq'],
    ['Zażółć', 'cess9a'],
    ['3f17271231504b8cf65690bcdc379df8a3b8aabe12efe1ea82848ec5f497cb69', 'gds0iw'],
    ['58e5c351b53ffe1233e0656a532a721ae1d2ac7af71b6cfec8ceb64c63b10721', 'uyboiq'],
    ['07d974124b92adafc90473a3968ceb5e8329d815e0e48260473d70a781adb8ae', 'aiqcea'],
  ])('tags %s as %s', (text, tag) => {
    expect(shorteningTag(text)).toBe(tag)
  })

  it.each([
    ['DLT_HUB', 6, '', ''],
    ['DLT_HUBS', 7, 'D', ''],
    ['DLT_HUB__', 8, 'D', '_'],
    ['prefDLT_HUB_suf', 9, 'pr', 'f'],
    ['prefDLT_HUB_suf', 14, 'pref', '_suf'],
  ])('puts the tag into %s of %d characters', (text, maxLength, start, end) => {
    expect(shortenIdentifier(text, 'hello', { maxLength })).toBe(`${start}jrs2qq${end}`)
  })

  it('leaves names alone that fit, counting code points', () => {
    expect(shortenIdentifier('😀😀😀😀😀😀', 'x', { maxLength: 6 })).toBe('😀😀😀😀😀😀')
    expect(Array.from(shortenIdentifier('😀😀😀😀😀😀😀', 'x', { maxLength: 7 }))).toHaveLength(7)
    expect(Array.from(shortenIdentifier('😀😀😀😀😀😀😀😀', 'x', { maxLength: 7 }))).toHaveLength(7)
    expect(shortenIdentifier('anything', 'x', undefined)).toBe('anything')
  })

  it.each([
    // As in characters, where each has one byte.
    ['prefDLT_HUB_suf', 14, 'prefjrs2qq_suf'],
    ['ééé', 6, 'ééé'],
    ['éééé', 8, 'éééé'],
    // No letter is cut: some bytes stay free.
    ['ééééé', 8, 'jrs2qq'],
    ['ééééé', 9, 'éjrs2qq'],
    ['ééééé', 10, 'ééééé'],
    ['aéééb', 7, 'ajrs2qq'],
    ['😀😀😀😀', 14, '😀jrs2qq😀'],
    ['日本語の名前', 15, '日jrs2qq前'],
  ])('of %s to %i bytes is %s', (text, maxLength, expected) => {
    expect(shortenIdentifier(text, 'hello', { maxLength, lengthIn: 'bytes' })).toBe(expected)
  })

  it('in bytes keeps to the limit, and keeps names that fit', () => {
    const limit = { maxLength: 63, lengthIn: 'bytes' } as const
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(text, (name) => {
        const short = shortenIdentifier(name, name, limit)
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(63)
        expect(short).not.toMatch(/\p{Surrogate}/u)
        if (Buffer.byteLength(name) <= 63) expect(short).toBe(name)
        else expect(short).toContain(shorteningTag(name))
      }),
    )
    const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 120 })
    fc.assert(
      fc.property(plain, (name) => {
        expect(shortenIdentifier(name, name, limit)).toBe(shortenIdentifier(name, name, { maxLength: 63 }))
      }),
    )
  })

  it('refuses lengths that have no room for the tag', () => {
    expect(() => namingConvention('snake_case', 5).normalizeIdentifier('abcdef')).toThrow(
      'Identifiers cannot be shortened to 5 characters. Set a maximum identifier length of at least 6.',
    )
  })

  it('takes the tag from the stripped name as it came, and that of a path from the whole path', () => {
    const naming = namingConvention('snake_case', 20)
    expect(naming.normalizeIdentifier('  she plan will not go so well ')).toBe('she_pla8pbkzqso_well')
    const path = 'First Part__Second Part__Third Part'
    expect(naming.normalizePath(path)).toContain(shorteningTag(path))
  })
})

describe('paths', () => {
  const naming = namingConvention('snake_case')

  it('joins parts that are not blank', () => {
    expect(naming.makePath('a', '', ' ', 'b')).toBe('a__b')
    expect(naming.makePath()).toBe('')
    expect(namingConvention('direct').makePath('a', 'b')).toBe('a▶b')
  })

  it('breaks at separators and drops blank parts', () => {
    expect(naming.breakPath('a__b____c___')).toEqual(['a', 'b', 'c', '_'])
    expect(namingConvention('direct').breakPath('a▶▶b__c')).toEqual(['a', 'b__c'])
    expect(naming.breakPath('____')).toEqual([])
  })

  it.each([
    ['Small__Love__Potion', 'small__love__potion'],
    ['Small___Love____Potion_____x', 'small___love__potion___x'],
    ['e_vent__value_value2___', 'e_vent__value_value2__x'],
    ['A__1b', 'a___1b'],
    ['parent__ child_', 'parent__childx'],
    ['x__', 'x'],
    ['__x', 'x'],
    ['__proto__', 'proto'],
    ['!!!', 'x'],
    ['_dlt_parent__x', '_dlt_parent__x'],
  ])('normalizes %s to %s', (path, normalized) => {
    expect(naming.normalizePath(path)).toBe(normalized)
  })
})

describe('blank names', () => {
  it.each(names)('%s refuses them', (name) => {
    for (const blank of ['', ' ', '\t\u00a0\u0085\u001c']) {
      const attempt = () => namingConvention(name).normalizeIdentifier(blank)
      expect(attempt).toThrow('A name is empty or white space. Give every table and column a name.')
      expect(attempt).toThrow(expect.toSatisfy((error: unknown) => DltError.is(error) && error.code === 'IDENTIFIER'))
    }
  })

  it('does not count a byte order mark as white space', () => {
    expect(namingConvention('direct').normalizeIdentifier('\ufeff')).toBe('\ufeff')
  })
})

describe('caching', () => {
  it('survives more names than it remembers', () => {
    const naming = namingConvention('snake_case', 40)
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 12_000; index++) {
        expect(naming.normalizeIdentifier(`Name${index}`)).toBe(`name${index}`)
      }
    }
  })
})

const anyName = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', 'B', 'C', '_', '_', ' ', '1', '٣', '-', '+', '.', 'é', '▶', '"', '\n') }),
)
const lengths = fc.constantFrom(undefined, 7, 8, 13, 20, 63)

/** The normal form, or nothing where the name is refused or vanishes. */
function normalForm(normalize: (name: string) => string, name: string): string | undefined {
  try {
    return normalize(name) || undefined
  } catch (error) {
    if (DltError.is(error)) return undefined
    throw error
  }
}

function expectIdempotent(normalize: (name: string) => string): void {
  fc.assert(
    fc.property(anyName, (name) => {
      const once = normalForm(normalize, name)
      if (once !== undefined) expect(normalForm(normalize, once)).toBe(once)
    }),
  )
}

describe('normalizing twice is normalizing once', () => {
  const cases = names.flatMap((name) => [undefined, 7, 8, 13, 20, 63].map((length) => [name, length] as const))

  it.each(cases)('%s of %s characters: identifiers', (name, length) => {
    const naming = namingConvention(name, length)
    expectIdempotent((text) => naming.normalizeIdentifier(text))
    expectIdempotent((text) => naming.normalizeTableIdentifier(text))
  })

  it.each(['snake_case', 's3_tables', 'direct'])('%s: paths that are not shortened', (name) => {
    const naming = namingConvention(name)
    expectIdempotent((text) => naming.normalizePath(text))
  })

  it.each(['sql_cs_v1', 'sql_ci_v1', 'duck_case'])('%s: paths without a part that ends with an underscore', (name) => {
    const naming = namingConvention(name)
    const endsBadly = (part: string): boolean =>
      normalForm((text) => naming.normalizeIdentifier(text), part)?.endsWith('_') ?? false
    expectIdempotent((text) => (naming.breakPath(text).some(endsBadly) ? 'a' : naming.normalizePath(text)))
  })

  it('not so where a part of a path ends with an underscore, which joins the separator', () => {
    const naming = namingConvention('sql_cs_v1')
    expect(naming.normalizePath('-__a')).toBe('___a')
    expect(naming.normalizePath('___a')).toBe('_a')
  })

  it('not so with 6 characters, where the tag is all that is left and may begin with a digit', () => {
    const naming = namingConvention('snake_case', 6)
    const once = naming.normalizeIdentifier('long_name_22')
    expect(once).toMatch(/^\d/)
    expect(naming.normalizeIdentifier(once)).not.toBe(once)
  })
})

describe('what all conventions promise', () => {
  const conventions: readonly NamingConvention[] = names.map((name) => namingConvention(name))

  it('never exceeds the length', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), lengths, anyName, (name, length, text) => {
        const normalized = normalForm((value) => namingConvention(name, length).normalizeIdentifier(value), text) ?? ''
        expect(Array.from(normalized).length).toBeLessThanOrEqual(length ?? Number.POSITIVE_INFINITY)
      }),
    )
  })

  it('leaves the separator out of names, so that paths can be broken again', () => {
    const separating = conventions.filter((naming) => naming.name !== 'duck_case')
    fc.assert(
      fc.property(fc.constantFrom(...separating), anyName, (naming, text) => {
        const normalized = normalForm((value) => naming.normalizeIdentifier(value), text) ?? ''
        expect(normalized.includes(naming.pathSeparator)).toBe(false)
      }),
    )
  })

  it('keeps the names of the system', () => {
    for (const naming of conventions) {
      expect(naming.normalizeIdentifier('_dlt_id')).toBe('_dlt_id')
      expect(naming.normalizeTableIdentifier('_dlt_loads')).toBe(
        naming.name === 's3_tables' ? 'dlt_loads' : '_dlt_loads',
      )
    }
  })
})
