import { createShredder, PageMemory, type Shredder } from '@dlt/normalize-json'
import { type NamingConvention, schemaNaming } from '@dlt/schema'
import { sameShredding, shredderOptions } from '../hints/shredder-options.ts'
import type { ShredTask } from './normalize-task.ts'

/** What texts of one table are taken apart with. */
interface Tools {
  readonly task: Pick<ShredTask, 'schema' | 'tableName' | 'maxIdentifierLength'>
  readonly shredder: Shredder
}

/**
 * The shredder that this thread used last. It knows the paths of the documents and how much memory a page takes, which would be found
 * out again for every file.
 */
let kept: Tools | undefined

/** What this thread makes its pages of. A page that was written is given back. */
export const pageMemory: PageMemory = new PageMemory()

/** Takes a text apart with a shredder of this thread. One that failed holds a part of its text, and is thrown away. */
export async function withShredder<Result>(
  task: ShredTask,
  use: (shredder: Shredder) => Promise<Result>,
): Promise<Result> {
  const tools = kept !== undefined && fits(kept, task) ? kept : makeTools(task)
  // Nobody else may have it meanwhile.
  kept = undefined
  const result = await use(tools.shredder)
  kept = tools
  return result
}

function fits({ task: known }: Tools, task: ShredTask): boolean {
  return (
    known.tableName === task.tableName &&
    namingOf(known) === namingOf(task) &&
    sameShredding(known.schema, task.schema, task.tableName)
  )
}

function makeTools(task: ShredTask): Tools {
  const { schema, tableName } = task
  return { task, shredder: createShredder(shredderOptions(schema, tableName, namingOf(task)), pageMemory) }
}

/** The same object for the same convention and the same limit. */
function namingOf({ schema, maxIdentifierLength }: Tools['task']): NamingConvention {
  return schemaNaming(schema, maxIdentifierLength)
}
