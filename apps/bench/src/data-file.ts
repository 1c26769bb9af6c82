import { mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from './random.ts'
import { events, type Shape } from './shapes.ts'

const seed = 20_240_101
const chunkCharacters = 1_000_000

/** A file of documents, one JSON object a line. */
export interface DataFile {
  readonly path: string
  readonly documents: number
  readonly bytes: number
}

/** Makes the file of that many documents in `folder`, unless it is there already. The same number makes the same bytes everywhere. */
export async function ensureDataFile(folder: string, documents: number, shape: Shape = events): Promise<DataFile> {
  const path = join(folder, `${shape.name}-${documents}-v${shape.version}.jsonl`)
  const existing = await stat(path).catch(() => undefined)
  if (existing !== undefined) return { path, documents, bytes: existing.size }
  await mkdir(folder, { recursive: true })
  const unfinished = `${path}.unfinished`
  await writeDocuments(unfinished, documents, shape)
  await rename(unfinished, path)
  return { path, documents, bytes: (await stat(path)).size }
}

async function writeDocuments(path: string, documents: number, shape: Shape): Promise<void> {
  const random = createRandom(seed)
  await using file = await open(path, 'w')
  let text = ''
  for (let ordinal = 0; ordinal < documents; ordinal++) {
    text += `${JSON.stringify(shape.create(random, ordinal))}\n`
    if (text.length >= chunkCharacters) {
      await file.write(text)
      text = ''
    }
  }
  await file.write(text)
}
