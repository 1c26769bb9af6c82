import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { OutputFile } from '../src/output-file.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

describe('OutputFile', () => {
  const at = useTemporaryFolder()

  test('writes parts one after another and counts their bytes', async () => {
    const file = new OutputFile(at('file'), 'rows')
    await file.write([Buffer.from('one'), new Uint8Array(), Buffer.from('two')])
    await file.write([])
    await file.write([Buffer.from('three')])
    expect(file.byteCount).toBe(11)
    await file.close()
    expect(await readFile(at('file'), 'utf8')).toBe('onetwothree')
  })

  test('writes more parts at once than the system takes in one call', async () => {
    const file = new OutputFile(at('file'), 'rows')
    const parts = Array.from({ length: 5000 }, (_, index) => Buffer.from(`${index},`))
    await file.write(parts)
    await file.close()
    expect(await readFile(at('file'))).toEqual(Buffer.concat(parts))
  })

  test('makes an empty file when closed without a write', async () => {
    const file = new OutputFile(at('file'), 'rows')
    await file.close()
    expect(await readFile(at('file'), 'utf8')).toBe('')
  })

  test('does not remove a file that it did not make', async () => {
    await writeFile(at('file'), 'of somebody else')
    const file = new OutputFile(at('file'), 'rows')
    await expect(file.write([Buffer.from('x')])).rejects.toMatchObject({ code: 'WORKING_DIRECTORY' })
    await file.remove()
    expect(existsSync(at('file'))).toBe(true)
  })

  test('names the path where a folder stands in the way', async () => {
    await mkdir(at('folder'))
    const file = new OutputFile(at('folder'), 'rows')
    await expect(file.close()).rejects.toMatchObject({ context: { file: at('folder'), table: 'rows' } })
  })

  test.skipIf(process.platform === 'win32')('reports a disk that takes no more, and leaves no file', async () => {
    const script = fileURLToPath(new URL('./write-beyond-limit.ts', import.meta.url))
    // A limited file size fails like a full disk: some bytes are written, then none.
    const command = `trap '' XFSZ; ulimit -f 64; exec "$0" --conditions=@dlt/source "$1" "$2"`
    const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, script, at('file')])
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'WORKING_DIRECTORY',
      context: { file: at('file'), table: 'rows' },
      message: expect.stringMatching(/^The file ".*file" for table "rows" could not be written: EFBIG.*space left\.$/),
    })
    expect(existsSync(at('file'))).toBe(false)
  })
})
