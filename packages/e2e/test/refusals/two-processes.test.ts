import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Shop } from './shop.ts'

const script = join(import.meta.dirname, 'reading-process.ts')

test('a second process is refused while another one runs; when that is killed, the next run goes on at once', async () => {
  using shop = new Shop()
  await shop.run(1)
  const other = spawn(process.execPath, ['--conditions=@dlt/source', script, shop.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    expect(String((await once(other.stdout, 'data'))[0])).toBe('reading')
    for (const call of [() => shop.run(2), () => shop.pipeline.normalize(), () => shop.pipeline.load()]) {
      expect(await shop.refusal(call)).toEqual({
        code: 'WORKING_DIRECTORY',
        retryable: true,
        message:
          'The working directory "<working>" of pipeline "shop" is in use by another process. Wait for it to end, or give this pipeline another pipelineName or workingDir.',
      })
    }
    expect(await shop.pipeline.pendingPackages()).toEqual([])
  } finally {
    other.kill('SIGKILL')
  }
  expect(await once(other, 'close')).toEqual([null, 'SIGKILL'])
  await shop.expectRecovered()
})

test('calls of one process wait in line', async () => {
  using shop = new Shop()
  await Promise.all([shop.run(1), shop.run(2)])
  await shop.expectRecovered()
})
