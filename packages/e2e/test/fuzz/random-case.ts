import { type JsonValue, namingConvention } from '@dlt/schema'
import fc from 'fast-check'
import type { FixtureCase, OptionsSpec, ResourceSpec, RunSpec } from '../fixtures/recorded-case.ts'
import { keyFamily } from './hostile-names.ts'
import { type Climate, type Kind, scalar } from './scalars.ts'

/** A key of a resource's documents: how it may be spelled and what it may hold. */
interface Field {
  readonly spellings: readonly string[]
  readonly kinds: readonly Kind[]
}

const naming = namingConvention('snake_case')
const deepest = 4

const field: fc.Arbitrary<Field> = fc.record({
  spellings: keyFamily,
  kinds: fc
    .tuple(
      fc.uniqueArray(
        fc.constantFrom<Kind>('number', 'number', 'text', 'text', 'bool', 'large', 'decimal', 'timestamp', 'bytes'),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      fc.constantFrom<readonly Kind[]>([], [], [], ['object'], ['list'], ['list'], ['object', 'list']),
      fc.boolean(),
    )
    .map(([scalars, nested, only]): readonly Kind[] => (only && nested.length > 0 ? nested : [...scalars, ...nested])),
})

/** `name-collisions`: fields of one resource have different names. */
const fields = fc.uniqueArray(field, {
  minLength: 1,
  maxLength: 7,
  selector: ({ spellings }) => naming.normalizePath(spellings[0] ?? ''),
})

/** A field as it is spelled in one run. */
interface SpelledField {
  readonly key: string
  readonly kinds: readonly Kind[]
}

function document(known: readonly SpelledField[], weather: Climate, depth: number): fc.Arbitrary<JsonValue> {
  const most = depth === 0 ? known.length : Math.min(3, known.length)
  return fc
    .shuffledSubarray([...known], { minLength: depth === 0 ? 1 : 0, maxLength: most })
    .chain((chosen) =>
      fc.tuple(...chosen.map(({ kinds }) => fieldValue(kinds, known, weather, depth))).map(entries(chosen)),
    )
}

function entries(chosen: readonly SpelledField[]): (values: readonly JsonValue[]) => JsonValue {
  return (values) => Object.fromEntries(chosen.map(({ key }, at) => [key, values[at] ?? null]))
}

function fieldValue(
  kinds: readonly Kind[],
  known: readonly SpelledField[],
  weather: Climate,
  depth: number,
): fc.Arbitrary<JsonValue> {
  const allowed = depth < deepest ? kinds : kinds.filter((kind) => kind !== 'object' && kind !== 'list')
  const values = allowed.map((kind) => ({ weight: 3, arbitrary: value(kind, kinds, known, weather, depth) }))
  return fc.oneof({ weight: 1, arbitrary: fc.constant<JsonValue>(null) }, ...values)
}

function value(
  kind: Kind,
  kinds: readonly Kind[],
  known: readonly SpelledField[],
  weather: Climate,
  depth: number,
): fc.Arbitrary<JsonValue> {
  if (kind === 'object') return document(known, weather, depth + 1)
  if (kind !== 'list') return scalar(kind, weather)
  const scalars = kinds.filter((other) => other !== 'object' && other !== 'list')
  const items: readonly Kind[] = scalars.length === 0 ? ['object'] : scalars
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(fieldValue(items, known, weather, depth + 1), { maxLength: 3 }) },
    { weight: 3, arbitrary: fc.array(fieldValue(['object'], known, weather, depth + 1), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fieldValue(['list', ...items], known, weather, depth + 1), { maxLength: 3 }) },
  )
}

/** The documents of one resource, run by run. */
function resourceRuns(name: string, runs: number): fc.Arbitrary<readonly ResourceSpec[]> {
  const shared = fc.record({
    known: fields,
    hinted: hints(),
    texts: fc.constantFrom<Climate['texts']>('temporal', 'numeric'),
    numbers: fc.array(fc.constantFrom<Climate['numbers']>('integers', 'fractions'), {
      minLength: runs,
      maxLength: runs,
    }),
  })
  return shared.chain(({ known, hinted, texts, numbers }) => {
    const large = numbers.includes('fractions') ? 'doubles' : 'any'
    const isLimited = hinted['max_table_nesting'] !== undefined
    return fc
      .tuple(...numbers.map((ofRun) => resourceRun(known, { numbers: ofRun, large, texts }, isLimited)))
      .map((lists) => lists.map((data) => ({ name, ...hinted, data })))
  })
}

function resourceRun(
  known: readonly Field[],
  weather: Climate,
  isLimited: boolean,
): fc.Arbitrary<readonly JsonValue[]> {
  const allowed = (kinds: readonly Kind[]) => (weather.texts === 'temporal' ? temporalKinds(kinds, isLimited) : kinds)
  const spelled = fc.tuple(
    ...known.map(({ spellings, kinds }) =>
      fc.constantFrom(...spellings).map((key): SpelledField => ({ key, kinds: allowed(kinds) })),
    ),
  )
  return spelled.chain((chosen) => fc.array(document(chosen, weather, 0), { minLength: 1, maxLength: 80, size: 'max' }))
}

/**
 * In other columns than those of texts, a point in time makes a variant column of points in time, at which the next text fails:
 * in both systems, and with it all that the case could show. Columns of JSON are such columns, too (`variant-detection`).
 */
function temporalKinds(kinds: readonly Kind[], isLimited: boolean): readonly Kind[] {
  if (!kinds.includes('text')) return kinds
  return kinds.filter((kind) => kind === 'text' || (!isLimited && (kind === 'object' || kind === 'list')))
}

type Hints = OptionsSpec

function hints(): fc.Arbitrary<Hints> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant<Hints>({}) },
    { weight: 1, arbitrary: fc.constant<Hints>({ write_disposition: 'replace' }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }).map((max): Hints => ({ max_table_nesting: max })) },
  )
}

/**
 * A case of several runs and resources: each resource has keys and kinds of its own, so that one case tries many combinations
 * for the price of one pipeline.
 */
export function randomCase(
  name: string,
  { runs, resources }: { runs: number; resources: number },
): fc.Arbitrary<FixtureCase> {
  const names = Array.from({ length: resources }, (_, at) => `r${at + 1}`)
  return fc.tuple(...names.map((resource) => resourceRuns(resource, runs))).map((parts) => ({
    name,
    about: 'made by the differential fuzzer',
    runs: Array.from(
      { length: runs },
      (_, at): RunSpec => ({ resources: parts.flatMap((part) => partOfRun(part, at)) }),
    ),
  }))
}

/** `nesting-versions`: a resource with a limit of nesting comes in the first run only. */
function partOfRun(part: readonly ResourceSpec[], run: number): readonly ResourceSpec[] {
  return part.slice(run, run + 1).filter((resource) => run === 0 || resource['max_table_nesting'] === undefined)
}
