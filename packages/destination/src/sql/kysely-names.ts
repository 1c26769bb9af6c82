import {
  type IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely'

/** What Kysely would take for more than a part of a name: dots split it, blanks stand around `as` and before `desc`. */
const special = /[%.\s]/g

/**
 * A name as Kysely's builders take it whole: dots, white space and `%` are spelled `%2E`, `%20`, `%25`. Other names are what they are.
 */
export const spellKyselyName = (name: string): string =>
  name.replace(special, (character) => {
    const code = character.charCodeAt(0)
    return code < 256
      ? `%${code.toString(16).toUpperCase().padStart(2, '0')}`
      : `%u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })

/** The name that {@link spellKyselyName} spelled. */
export const readKyselyName = (spelled: string): string =>
  spelled.replace(/%(?:u([0-9A-F]{4})|([0-9A-F]{2}))/g, (_, long: string | undefined, short: string | undefined) =>
    String.fromCharCode(Number.parseInt(long ?? short ?? '', 16)),
  )

class NameReader extends OperationNodeTransformer {
  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    return node.name.includes('%') ? { ...node, name: readKyselyName(node.name) } : node
  }
}

const isSpecial = (name: string): boolean => name.search(special) >= 0

const spelledRow = (row: UnknownRow): UnknownRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [spellKyselyName(name), value]))

/** Sends names as they are, and gives rows the names that the query has. */
export class KyselyNames implements KyselyPlugin {
  readonly #reader = new NameReader()

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#reader.transformNode(node, queryId)
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const [first] = result.rows
    if (first === undefined || !Object.keys(first).some(isSpecial)) return result
    return { ...result, rows: result.rows.map(spelledRow) }
  }
}
