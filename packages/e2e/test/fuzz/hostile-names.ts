import fc from 'fast-check'

/** Keys that normalize to one name stand in one group: a run takes one spelling of each group. */
const families: readonly (readonly string[])[] = [
  ['id', 'ID', 'Id'],
  ['userName', 'user_name', 'User Name', 'user-name'],
  ['HTTPResponseCode'],
  ['value', 'Value'],
  ['list', 'List'],
  ['constructor'],
  ['__proto__'],
  ['toString', 'to_string'],
  ['hasOwnProperty'],
  ['a.b'],
  ['a__b'],
  ['__a'],
  ['a__'],
  ['x_'],
  ['xx__'],
  ['!!!'],
  ['@type'],
  ['$ref'],
  ['#'],
  ['2fa'],
  ['03'],
  ['-1'],
  ['1.5'],
  ['100%'],
  ['"; DROP TABLE items; --'],
  ["c'd"],
  ['../../etc/passwd'],
  ['C:\\temp'],
  ['select', 'SELECT'],
  ['table'],
  ['order by'],
  ['Zażółć gęślą'],
  ['日本語'],
  ['ключ'],
  ['İstanbul'],
  ['ß'],
  ['😀'],
  ['٣'],
  ['مرحبا'],
  ['line\nbreak'],
  ['tab\tkey'],
  ['_dlt_custom'],
  ['created_at', 'createdAt'],
  ['v__v_text'],
  ['{}'],
  ['%s'],
  ['camelCaseABCDef'],
  ['K'],
  ['ﬁ'],
  ['é'],
  ['a\u200bb'],
  ['long'.repeat(8)],
]

/** Any key that Python dlt and JavaScript order alike and that is not blank. */
const anyKey: fc.Arbitrary<readonly string[]> = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 8 })
  .filter((key) => key.trim() !== '' && !/^\d+$/.test(key) && !/[\0\uf026-\uf02d]/.test(key))
  .map((key) => [key])

/** Groups of spellings of one key, adversarial and ordinary ones. */
export const keyFamily: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f').map((key) => [key]) },
  { weight: 5, arbitrary: fc.constantFrom(...families) },
  { weight: 1, arbitrary: anyKey },
)
