import { describe, expect, it } from 'vitest'
import { concealInErrors, DltError, errorCodes } from '../src/index.ts'

class SpecialError extends DltError {}

describe('errors', () => {
  it('tell their code, whether trying again helps, and where they happened', () => {
    const cause = new Error('cause')
    const error = new DltError('It happened. Do this.', {
      code: 'DATA',
      retryable: true,
      context: { table: 't', line: 3 },
      cause,
    })
    expect(error).toMatchObject({
      name: 'DltError',
      code: 'DATA',
      retryable: true,
      context: { table: 't', line: 3 },
      cause,
    })
    expect(String(error)).toBe('DltError: It happened. Do this.')
  })

  it('show nothing of what is to be concealed, in message, stack and context', () => {
    concealInErrors((text) => text.replaceAll('hidden', '***'))
    try {
      const cause = new Error('hidden')
      const error = new SpecialError('It was hidden.', {
        code: 'DATA',
        context: { file: 'a/hidden/b', line: 3 },
        cause,
      })
      expect(error.message).toBe('It was ***.')
      expect(error.stack).not.toContain('hidden')
      expect(error.context).toEqual({ file: 'a/***/b', line: 3 })
      expect(error.cause).toBe(cause)
    } finally {
      concealInErrors((text) => text)
    }
    expect(new DltError('It is hidden.', { code: 'DATA' }).message).toBe('It is hidden.')
  })

  it('have modest defaults', () => {
    const error = new SpecialError('x', { code: 'SCHEMA' })
    expect(error).toMatchObject({ name: 'SpecialError', retryable: false, context: {} })
    expect('cause' in error).toBe(false)
  })

  it('are recognised across copies of the package, unlike other objects', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('@dlt/error'), { value: true })
    expect([new SpecialError('x', { code: 'DATA' }), foreign].map(DltError.is)).toEqual([true, true])
    expect([new Error('x'), null, undefined, 'x', { code: 'DATA' }].some(DltError.is)).toBe(false)
  })

  it('have codes that differ', () => {
    expect(new Set(errorCodes).size).toBe(errorCodes.length)
  })
})
