import type { DestinationClient } from '@dlt/destination'
import { sampleCapabilities } from '@dlt/destination/testing'
import { expect, it } from 'vitest'
import { type ConformanceCase, type ConformanceOptions, runConformanceCase } from '../src/index.ts'

const clientThat = (close: () => void): DestinationClient => ({
  datasetName: 'data',
  hasDataset: async () => false,
  updateSchema: async () => [],
  load: async () => ({ status: 'loaded', jobs: [] }),
  isLoaded: async () => false,
  storedState: async () => undefined,
  storedSchema: async () => undefined,
  [Symbol.asyncDispose]: async () => close(),
})

/** A destination whose clients cannot be closed, and what was done with it. */
const recorded = (): { readonly done: string[]; readonly options: ConformanceOptions } => {
  const done: string[] = []
  const refuse = (what: string): void => {
    done.push(what)
    throw new Error(`${what} failed`)
  }
  const context = { pipelineName: 'sample', datasetName: 'data', localDirectory: '.' }
  const create: ConformanceOptions['create'] = async () => ({
    destination: {
      type: 'sample',
      name: 'sample',
      capabilities: sampleCapabilities,
      check: () => undefined,
      connect: async () => clientThat(() => refuse('closing a client')),
      close: async () => refuse('closing the destination'),
      describe: () => 'sample',
    },
    context,
    readRows: async () => [],
    cleanup: async () => {
      done.push('cleanup')
    },
  })
  return { done, options: { create } }
}

const everything = ['closing a client', 'closing a client', 'closing the destination', 'cleanup']

const caseThat = (end: () => void): ConformanceCase => ({
  name: 'sample',
  run: async ({ connect }) => {
    await connect()
    await connect()
    end()
  },
})

it('cleans up after a case whose clients cannot be closed, and says so', async () => {
  const { done, options } = recorded()
  await expect(
    runConformanceCase(
      caseThat(() => undefined),
      options,
    ),
  ).rejects.toThrow('closing a client failed')
  expect(done).toEqual(everything)
})

it('says why a case failed, also where its clients cannot be closed', async () => {
  const { done, options } = recorded()
  const broken = caseThat(() => {
    throw new Error('the promise is broken')
  })
  await expect(runConformanceCase(broken, options)).rejects.toThrow('the promise is broken')
  expect(done).toEqual(everything)
})
