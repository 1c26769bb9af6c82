import { PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { configuredIncremental } from '../../src/incremental/configured-incremental.ts'
import type { IncrementalOptions } from '../../src/incremental/incremental-options.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { events } from './growing-source.ts'

/** A provider that holds values by their path. */
function provider(values: Readonly<Record<string, unknown>>): ConfigProvider {
  const keyOf = (path: readonly string[]): string => path.join('.')
  return { name: 'test', supportsSecrets: true, keyOf, get: (path) => values[keyOf(path)] }
}

function configured(
  declared: Omit<IncrementalOptions, 'cursorPath'>,
  values: Readonly<Record<string, unknown>>,
): Promise<IncrementalOptions> {
  return configuredIncremental(
    { cursorPath: 'at', ...declared },
    {
      resource: 'issues',
      sections: ['sources', 'github', 'issues'],
      pipelineName: 'shop',
      providers: [provider(values)],
    },
  )
}

const here = 'sources.github.issues.incremental'

describe('an incremental without configuration', () => {
  it('is what is declared', async () => {
    const declared: IncrementalOptions = { cursorPath: 'at', initialValue: 5 }
    const place = { resource: 'issues', sections: ['sources', 'github', 'issues'], providers: [provider({})] }
    expect(await configuredIncremental(declared, place)).toBe(declared)
  })
})

describe('the configuration of an incremental', () => {
  it('wins over what is declared, option by option', async () => {
    const values = {
      [`${here}.cursor_path`]: 'updated_at',
      [`${here}.initial_value`]: '7',
      [`${here}.end_value`]: '9',
      [`${here}.row_order`]: 'asc',
      [`${here}.range_start`]: 'open',
      [`${here}.range_end`]: 'closed',
      [`${here}.lag`]: '2.5',
      [`${here}.on_cursor_value_missing`]: 'exclude',
      [`${here}.allow_external_schedulers`]: 'false',
    }
    expect(await configured({ initialValue: 1, primaryKey: 'id' }, values)).toEqual({
      cursorPath: 'updated_at',
      initialValue: 7,
      endValue: 9,
      rowOrder: 'asc',
      rangeStart: 'open',
      rangeEnd: 'closed',
      lag: 2.5,
      onCursorValueMissing: 'exclude',
      allowExternalSchedulers: false,
      primaryKey: 'id',
    })
  })

  it.each([
    'shop.sources.github.issues.incremental',
    here,
    'sources.github.incremental',
    'sources.issues.incremental',
    'incremental',
  ])('is found under %s', async (section) => {
    expect(await configured({ initialValue: 1 }, { [`${section}.lag`]: 3 })).toMatchObject({ initialValue: 1, lag: 3 })
  })

  it.each([
    ['a number', 1, '7', 7],
    ['a bigint', 1n, '9007199254740993', 9_007_199_254_740_993n],
    ['a text', 'a', 'b', 'b'],
    ['a text of digits', '1', '7', '7'],
    ['a Date', new Date(0), '2024-01-01T00:00:00Z', new Date('2024-01-01T00:00:00Z')],
    ['a day', new PlainDate(0), '2024-01-01', new PlainDate(19_723)],
    ['a clock', new PreciseDateTime(0n, false), '1970-01-01T00:00:01', new PreciseDateTime(1_000_000n, false)],
    ['a time', new PlainTime(0n), '00:00:01', new PlainTime(1_000_000n)],
    ['a decimal', new Decimal(1), '1.10', new Decimal('1.1')],
    ['nothing', undefined, '7', '7'],
  ])('has the kind of the declared value: %s', async (_, initialValue, text, expected) => {
    const values = { [`${here}.initial_value`]: text }
    const declared = initialValue === undefined ? {} : { initialValue }
    expect((await configured(declared, values)).initialValue).toEqual(expected)
  })

  it.each([
    ['a number', 1, 'hidden', `"${here}.OPTION" in test is not a number.`],
    ['a Date', new Date(0), 'hidden', `"${here}.OPTION" in test is not an ISO date or time`],
    [
      'a day',
      new PlainDate(0),
      '2024-13-01',
      'The configuration of the incremental of the resource "issues" is not valid. "incremental.OPTION" does not fit: expected an ISO date.',
    ],
    ['a clock', new PreciseDateTime(0n, false), '2024-01-01T00:00:00Z', 'expected an ISO date-time without a zone.'],
    ['a time', new PlainTime(0n), 'hidden', 'expected an ISO time.'],
    ['a decimal', new Decimal(1), 'hidden', 'expected a number.'],
  ])('must fit it: %s', async (_, initialValue, text, expected) => {
    for (const option of ['initial_value', 'end_value']) {
      const failure = configured({ initialValue }, { [`${here}.${option}`]: text })
      await expect(failure).rejects.toMatchObject({ code: 'CONFIGURATION' })
      await expect(failure).rejects.toThrow(expected.replace('OPTION', option))
      await expect(failure).rejects.not.toThrow(text)
    }
  })

  it('is checked as options in code are', async () => {
    await expect(configured({ initialValue: 5 }, { [`${here}.end_value`]: 1 })).rejects.toThrow(
      `Incremental "at": endValue is lower than initialValue. With lastValueFunc 'max' exchange the two.`,
    )
    await expect(configured({}, { [`${here}.row_order`]: 'up' })).rejects.toMatchObject({ code: 'CONFIGURATION' })
  })
})

describe('a run', () => {
  const variable = 'SOURCES__EVENTS__INCREMENTAL__'

  afterEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith(variable)) Reflect.deleteProperty(process.env, name)
  })

  it('takes its range from the environment', async () => {
    using shop = new PipelineFixture()
    process.env[`${variable}INITIAL_VALUE`] = '2'
    process.env[`${variable}END_VALUE`] = '4'
    const source = () =>
      resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at', initialValue: 1 } }, events(10))
    await shop.pipeline().run(source())
    expect(shop.ids('events')).toEqual([3, 4, 5, 6])
    expect(shop.pipeline().state.sources).toBeUndefined()
    Reflect.deleteProperty(process.env, `${variable}END_VALUE`)
    process.env[`${variable}INITIAL_VALUE`] = '5'
    await shop.pipeline().run(source())
    expect(shop.ids('events')).toEqual([3, 4, 5, 6, 9, 10])
  })
})
