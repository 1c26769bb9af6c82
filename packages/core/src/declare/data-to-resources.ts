import { DltError } from '@dlt/schema'
import { checkTableHints } from '../hints/check-resource-options.ts'
import { refuseTextAndNothing } from './refuse-text.ts'
import { Resource } from './resource.ts'
import { type RunHints, refuseRunHints, sharedHints, withRunHints } from './run-hints.ts'

type DataFunction = () => unknown

/**
 * The resources in what was given to `run` or `extract`:
 * - a resource, or a list of resources and functions: each on its own;
 * - a function: named after it unless a name is given;
 * - a list of functions: one resource each, or all into one table when a name is given;
 * - anything else is data of one resource, which needs a name.
 *
 * @throws DltError `DATA`, `CONFIGURATION`, `IDENTIFIER` or `UNSUPPORTED`, saying what to pass instead
 */
export function dataToResources(data: unknown, hints: RunHints): readonly Resource[] {
  refuseTextAndNothing(data, 'The data given')
  checkTableHints(hints, 'The run')
  if (Resource.is(data)) return [withRunHints(data, hints)]
  if (isFunction(data)) return [functionResource(data, hints)]
  if (Array.isArray(data)) return listResources(data, hints)
  return [namedResource(data, hints)]
}

function listResources(list: readonly unknown[], hints: RunHints): readonly Resource[] {
  const functions = list.filter(isFunction)
  const allFunctions = list.length > 0 && functions.length === list.length
  if (!list.some(Resource.is) && !(allFunctions && givenName(hints) === undefined)) {
    return [namedResource(functions.length === 0 ? list : () => callFunctions(list), hints)]
  }
  if (list.length === 1) return dataToResources(list[0], hints)
  refuseRunHints(hints, list.length)
  const shared = sharedHints(hints)
  const resources = list.map(resourceOfElement)
  return shared === undefined ? resources : resources.map((resource) => withRunHints(resource, shared))
}

/**
 * The resource of one element of a list of resources and functions.
 * @throws DltError `CONFIGURATION` for anything else
 */
export function resourceOfElement(element: unknown, index: number): Resource {
  if (Resource.is(element)) return element
  if (isFunction(element)) return functionResource(element, {})
  throw new DltError(
    `Element ${index + 1} of the list is neither a resource nor a function. Give it a name: dlt.resource({ name: 'items' }, data).`,
    { code: 'CONFIGURATION' },
  )
}

// A list of rows may hold functions that give more of them.
function* callFunctions(list: readonly unknown[]): Generator<unknown, void, undefined> {
  for (const element of list) yield isFunction(element) ? element() : element
}

function functionResource(data: DataFunction, hints: RunHints): Resource {
  const name = givenName(hints) ?? data.name.replace(/^(bound |async )+/, '')
  if (name !== '') return namedResource(data, { ...hints, name })
  throw new DltError(
    'The function given as data has no name, so its table has none. Name the function, or pass tableName.',
    { code: 'CONFIGURATION' },
  )
}

function namedResource(data: unknown, hints: RunHints): Resource {
  const name = givenName(hints)
  if (name === undefined && typeof hints.tableName === 'function') {
    throw new DltError(
      "The data has no name: tableName only says where each item goes. Pass name as well, for instance run(data, { name: 'events', tableName }).",
      { code: 'CONFIGURATION' },
    )
  }
  if (name === undefined) {
    throw new DltError(
      "The data has no name, so its table has none. Pass tableName, for instance run(data, { tableName: 'items' }); a function gives its own name when it is passed without calling it.",
      { code: 'CONFIGURATION' },
    )
  }
  const { tableName, writeDisposition, columns, primaryKey, mergeKey } = hints
  return new Resource(
    {
      name,
      ...(tableName !== undefined && { tableName }),
      ...(writeDisposition !== undefined && { writeDisposition }),
      ...(columns !== undefined && { columns }),
      ...(primaryKey !== undefined && { primaryKey }),
      ...(mergeKey !== undefined && { mergeKey }),
    },
    { kind: 'items', data },
  )
}

function givenName({ name, tableName }: RunHints): string | undefined {
  return name ?? (typeof tableName === 'string' ? tableName : undefined)
}

function isFunction(value: unknown): value is DataFunction {
  return typeof value === 'function'
}
