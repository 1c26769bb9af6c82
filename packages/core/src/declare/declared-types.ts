import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Decimal } from 'decimal.js'
import type { IncrementalOptions } from '../incremental/untyped-options.ts'

/**
 * What the options of a cursor must be, where their type is inferred from what is given: without keys that there are not, and with
 * an end of the type of the beginning.
 */
export type Exactly<Given> = {
  readonly [Key in Exclude<keyof Given, keyof IncrementalOptions>]: never
} & RangeOf<Given>

type RangeOf<Given> = Given extends { readonly initialValue: infer Initial; readonly endValue: infer End }
  ? [NonNullable<End>] extends [CursorLike<NonNullable<Initial>>]
    ? unknown
    : { readonly endValue: CursorLike<NonNullable<Initial>> | null }
  : unknown

/** The types of cursors that can be compared with one: numbers of all kinds are one. */
type CursorLike<Value> = Value extends number | bigint | Decimal
  ? number | bigint | Decimal
  : Value extends string
    ? string
    : Value

/** What a schema of items must be: one whose fields can hold those that the items have. */
export type FitsItems<Schema, Item> = [FieldsThatDiffer<Schema, Item>] extends [never]
  ? unknown
  : { readonly 'fields of other types than those of the items': FieldsThatDiffer<Schema, Item> }

type FieldsThatDiffer<Schema, Item> =
  Schema extends StandardSchemaV1<infer Input, unknown>
    ? { [Key in keyof Input & keyof Item]: true extends Meets<Input[Key], Item[Key]> ? never : Key }[keyof Input &
        keyof Item]
    : never

/** `true` among the results where some value can be of both types. Objects are not looked into. */
type Meets<Left, Right> = unknown extends Left | Right
  ? true
  : Left extends unknown
    ? Right extends unknown
      ? MeetsOne<Left, Right>
      : never
    : never

type MeetsOne<Left, Right> = [Left] extends [Right]
  ? true
  : [Right] extends [Left]
    ? true
    : Left extends object
      ? Right extends object
        ? true
        : false
      : false

/** A resource, as far as its type says whether it is bound. */
interface ResourceShape<Input> {
  readonly isUnbound: boolean
  readonly input?: (item: Input) => void
}

/** What data must be: without transformers that no resource feeds, alone or in a list. */
export type Bound<Data> = [UnboundIn<Data> | UnboundIn<ElementOf<Data>>] extends [never]
  ? unknown
  : { readonly 'bind the transformer: parent.pipe(transformer), or dataFrom': never }

type ElementOf<Data> = Data extends readonly (infer Element)[] ? Element : never

type UnboundIn<Data> =
  Data extends ResourceShape<infer Input>
    ? [Input] extends [never]
      ? never
      : Data
    : Data extends (...given: never) => ResourceShape<infer Input>
      ? [Input] extends [never]
        ? never
        : Data
      : never
