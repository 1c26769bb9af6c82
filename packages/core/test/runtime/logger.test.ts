import { afterEach, describe, expect, test } from 'vitest'
import { createLogger, type LogLevel } from '../../src/runtime/logger.ts'

const previous = process.env['RUNTIME__LOG_LEVEL']
afterEach(() => {
  if (previous === undefined) delete process.env['RUNTIME__LOG_LEVEL']
  else process.env['RUNTIME__LOG_LEVEL'] = previous
})

/** Levels of the messages that come through. */
function heard(level?: LogLevel): string[] {
  const lines: string[] = []
  const logger = createLogger(level, (line) => lines.push(line))
  logger.debug('a')
  logger.info('b')
  logger.warning('c')
  logger.error('d')
  return lines.map((line) => /\[(\w+)\]/.exec(line)?.[1] ?? line)
}

describe('messages', () => {
  test('are lines with time, level and name', () => {
    const lines: string[] = []
    createLogger('INFO', (line) => lines.push(line)).info('loaded')
    expect(lines).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\|\[INFO\]\|dlt\|loaded\n$/)])
  })

  test('come from WARNING up where nothing is set', () => {
    delete process.env['RUNTIME__LOG_LEVEL']
    expect(heard()).toEqual(['WARNING', 'ERROR'])
  })

  test.each([
    ['DEBUG', ['DEBUG', 'INFO', 'WARNING', 'ERROR']],
    ['info', ['INFO', 'WARNING', 'ERROR']],
    ['ERROR', ['ERROR']],
    ['CRITICAL', []],
    ['nonsense', ['WARNING', 'ERROR']],
  ])('come as RUNTIME__LOG_LEVEL=%s says', (level, expected) => {
    process.env['RUNTIME__LOG_LEVEL'] = level
    expect(heard()).toEqual(expected)
  })

  test('come as the code says, whatever is set', () => {
    process.env['RUNTIME__LOG_LEVEL'] = 'CRITICAL'
    expect(heard('ERROR')).toEqual(['ERROR'])
  })
})
