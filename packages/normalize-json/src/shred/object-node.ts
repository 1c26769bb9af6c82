import { FieldNode } from './field-node.ts'
import type { TableNode } from './table-node.ts'

/** The fields that objects at one path were seen to have. */
export class ObjectNode {
  readonly table: TableNode
  readonly path: readonly string[]
  /** The field that the last object began with: the next one probably does too. */
  first: FieldNode | undefined
  private readonly fields = new Map<string, FieldNode>()

  constructor(table: TableNode, path: readonly string[]) {
    this.table = table
    this.path = path
  }

  /** The field that takes the scalars of a list. */
  get valueField(): FieldNode {
    return this.field('value')
  }

  /** The field of a key that is not the one foreseen after `previous`. */
  find(key: string, previous: FieldNode | undefined): FieldNode {
    const field = this.field(key)
    if (previous === undefined) this.first = field
    else previous.next = field
    return field
  }

  private field(key: string): FieldNode {
    let field = this.fields.get(key)
    if (field === undefined) {
      field = new FieldNode(this.table, [...this.path, key], key)
      this.fields.set(key, field)
    }
    return field
  }
}
