import type { DestinationFactory, Setting } from '@dlt/destination'
import { Warehouse } from '../warehouse/warehouse.ts'

/** The options that warehouses of this module were made with, in order. */
export const made: unknown[] = []

const settings: readonly Setting[] = [{ key: 'path', type: 'text', default: 'none', effect: 'Where tables are kept.' }]

/** What a package of a destination exports: here, a warehouse. */
export const destination: DestinationFactory<{ readonly name?: string; readonly path?: string }> = Object.assign(
  (options: { readonly name?: string; readonly path?: string } = {}) => {
    made.push(options)
    return new Warehouse(options)
  },
  { settings },
)
