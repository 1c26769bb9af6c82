import { mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createEvent } from './events.ts'
import { createRandom } from './random.ts'

/** Raised when the documents change, so that an old file is not taken for a new one. */
const documentsVersion = 1
const seed = 20_240_101
const chunkCharacters = 1_000_000

/** A file of documents, one JSON object a line. */
export interface DataFile {
  readonly path: string
  readonly documents: number
  readonly bytes: number
}

/** Makes the file of that many events in `folder`, unless it is there already. The same number makes the same bytes everywhere. */
export async function ensureDataFile(folder: string, documents: number): Promise<DataFile> {
  const path = join(folder, `events-${documents}-v${documentsVersion}.jsonl`)
  const existing = await stat(path).catch(() => undefined)
  if (existing !== undefined) return { path, documents, bytes: existing.size }
  await mkdir(folder, { recursive: true })
  const unfinished = `${path}.unfinished`
  await writeEvents(unfinished, documents)
  await rename(unfinished, path)
  return { path, documents, bytes: (await stat(path)).size }
}

async function writeEvents(path: string, documents: number): Promise<void> {
  const random = createRandom(seed)
  await using file = await open(path, 'w')
  let text = ''
  for (let ordinal = 0; ordinal < documents; ordinal++) {
    text += `${JSON.stringify(createEvent(random, ordinal))}\n`
    if (text.length >= chunkCharacters) {
      await file.write(text)
      text = ''
    }
  }
  await file.write(text)
}
