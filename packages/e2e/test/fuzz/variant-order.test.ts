import { expect, test } from 'vitest'
import { type Parts, partsOf } from '../fixtures/compare-parts.ts'
import { readDifference } from '../fixtures/differences.ts'
import { readRecordedCases } from '../fixtures/recorded-case.ts'
import { differsInVariantOrder } from './variant-order.ts'

const name = 'fuzz-variants-of-one-row'
const recorded = readRecordedCases().find((each) => each.name === name)
if (recorded === undefined) throw new Error(`The case ${name} is missing.`)
const reference = partsOf(recorded.observed)
const own = readDifference(name)
const follows = (part: string) => /^(?:run|schema: version|rows of _dlt_)/.test(part)

function explains(changed: Parts = {}): boolean {
  const here = { ...reference, ...own, ...changed }
  return differsInVariantOrder(Object.keys({ ...own, ...changed }), reference, here, follows)
}

function edited(part: string, from: string, to: string): Parts {
  const text = JSON.stringify(own[part])
  if (!text.includes(from)) throw new Error(`"${part}" does not hold ${from}.`)
  return { [part]: JSON.parse(text.replaceAll(from, to)) }
}

test('variant columns of one row in another order are told', () => {
  expect(explains()).toBe(true)
})

test.for<[string, Parts]>([
  ['a value differs', edited('rows of items', '"13"', '"14"')],
  ['the columns were filled by different rows', edited('rows of items', '"y","x"', '"y",null')],
  ['a type differs', edited('columns of items', 'a BIGINT', 'a DOUBLE')],
  ['the moved columns are no variants', edited('schema: table items', '"variant":true,', '')],
  ['the schema says something else', edited('schema: table items', '"append"', '"replace"')],
  ['a row is missing', { 'rows of items': [] }],
  ['another part differs', { 'schema: settings': {} }],
  ['a table is missing', { 'columns of items': undefined, 'rows of items': undefined }],
])('it is not told when %s', ([, changed]) => {
  expect(explains(changed)).toBe(false)
})

test('other columns have their order', () => {
  const columns = own['columns of items']
  if (!Array.isArray(columns)) throw new Error('The columns are missing.')
  const [first, , ...rest] = columns
  expect(explains({ 'columns of items': [columns[3], first, ...rest.with(1, columns[1])] })).toBe(false)
})

test('what is equal is no difference in order', () => {
  expect(differsInVariantOrder([], reference, reference, follows)).toBe(false)
})
