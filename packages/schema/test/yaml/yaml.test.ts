import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainJson } from '../../src/index.ts'
import { isPlainText, readPlainScalar } from '../../src/yaml/plain-scalars.ts'
import { readYaml } from '../../src/yaml/yaml-reader.ts'
import { writeYaml } from '../../src/yaml/yaml-writer.ts'

describe('scalars without quotes', () => {
  it.each([
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['~', null],
    ['', null],
    ['NULL', null],
    ['0', 0],
    ['-12', -12],
    ['+1_000', 1000],
    ['0b101', 5],
    ['017', 15],
    ['0o17', '0o17'],
    ['0x1F', 31],
    ['1:30', 90],
    ['9007199254740993', 9007199254740993n],
    ['1.5', 1.5],
    ['1e3', '1e3'],
    ['1.e+3', 1000],
    ['.5', 0.5],
    ['-.inf', Number.NEGATIVE_INFINITY],
    ['.NaN', Number.NaN],
    ['1:30.5', 90.5],
    ['2024-01-01', '2024-01-01'],
    ['text', 'text'],
  ])('%s is read as %s', (text, value) => {
    expect(readPlainScalar(text)).toEqual(value)
  })

  it('are written only where they are read as texts', () => {
    for (const text of ['yes', '1', '1.5', '~', '', '1:30', '2024-01-01', '=', '<<', '0x1f'])
      expect(isPlainText(text)).toBe(false)
    for (const text of ['y', '1e3', 'a', '0o17', '1.2.3', '2024-13']) expect(isPlainText(text)).toBe(true)
  })
})

describe('YAML', () => {
  it('is read back as it was written', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }).filter((any) => !/\p{Surrogate}/u.test(any)),
      fc.string({
        unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', '\\', '\t', '0', '.'),
        maxLength: 200,
      }),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.boolean(),
        fc.constant(null),
        fc.integer(),
        fc.bigInt({ min: 2n ** 53n }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
      ),
    }))
    fc.assert(
      fc.property(fc.array(fc.tuple(text, value)), (entries) => {
        const map = new Map(entries)
        if (map.size === 0) return
        expect(plainJson(readYaml(writeYaml(map)))).toBe(plainJson(map))
      }),
      { numRuns: 500 },
    )
  })

  it('may refer to a value that stands elsewhere', () => {
    expect(readYaml('a: &x [1, {b: c}]\nd: *x')).toEqual(
      new Map([
        ['a', [1, new Map([['b', 'c']])]],
        ['d', [1, new Map([['b', 'c']])]],
      ]),
    )
  })

  it('says where it is wrong', () => {
    expect(() => readYaml('a: 1\nb: [')).toThrow(/^The schema document is not valid YAML at line 2, column \d+/)
  })
})
