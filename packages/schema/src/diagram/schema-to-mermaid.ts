import type { ColumnSchema, Schema } from '../schema.ts'
import { type DiagramOptions, type DiagramTable, diagramParts } from './diagram-options.ts'
import type { SchemaReference } from './schema-references.ts'

/** How many rows of one table belong to how many of another, as Mermaid draws it. */
const arrows: ReadonlyMap<string, string> = new Map([
  ['one_to_many', '||--|{'],
  ['many_to_one', '}|--||'],
  ['zero_to_many', '|o--|{'],
  ['many_to_zero', '}|--o|'],
  ['one_to_one', '||--||'],
  ['many_to_many', '}|--|{'],
  ['zero_to_one', '|o--o|'],
  ['one_to_zero', '|o--o|'],
])

const usualArrow = '||--|{'

/**
 * A schema as an entity relationship diagram of Mermaid. Names that its grammar does not take are shown with `_` in their place;
 * the name of such a column stands in its comment.
 */
export function schemaToMermaid(schema: Schema, options: DiagramOptions = {}): string {
  const { tables, references } = diagramParts(schema, options)
  const { includeDescriptions = true } = options
  return [
    'erDiagram',
    ...tables.flatMap((table) => entity(table, includeDescriptions)),
    ...references.map(relation),
    '',
  ].join('\n')
}

function entity({ table, columns }: DiagramTable, includeDescriptions: boolean): readonly string[] {
  return [
    `    ${entityName(table.name)} {`,
    ...columns.map((column) => `        ${attribute(column, includeDescriptions)}`),
    '    }',
  ]
}

function relation({ table, referenced_table, cardinality = '', label = '' }: SchemaReference): string {
  const arrow = arrows.get(cardinality) ?? usualArrow
  return `    ${entityName(table)} ${arrow} ${entityName(referenced_table)} : "${quotable(label)}"`
}

function attribute(column: ColumnSchema, includeDescriptions: boolean): string {
  const name = attributeName(column.name)
  const keys = [...(column.primary_key ? ['PK'] : []), ...(column.unique ? ['UK'] : [])]
  const comment = [
    ...(name === column.name ? [] : [column.name]),
    ...(includeDescriptions && column.description ? [column.description] : []),
  ].join(': ')
  return [
    column.data_type,
    name,
    ...(keys.length > 0 ? [keys.join(',')] : []),
    ...(comment === '' ? [] : [`"${quotable(comment)}"`]),
  ].join(' ')
}

function entityName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${quotable(name)}"`
}

function attributeName(name: string): string {
  return name.replace(/^[^A-Za-z_]/, '_').replace(/[^A-Za-z0-9_]/g, '_')
}

/** Text between quotes: the grammar knows no way to write these characters there. */
function quotable(text: string): string {
  return text.replace(/["%\\]/g, "'").replace(/\s+/g, ' ')
}
