import { DestinationError } from '@dlt/destination'
import { Pipeline } from '../../../src/pipeline/pipeline.ts'
import type { PipelineOptions } from '../../../src/pipeline/pipeline-options.ts'
import { Warehouse } from '../../warehouse/warehouse.ts'

/** How the destination behaves. */
export type Behaviour = 'well' | 'fails for now' | 'refuses for good' | 'loses the answer'

/** The table of the package that a test is about. */
export const orders = { tableName: 'orders' } as const

/** The pipeline `shop` in a folder with its working directory and its warehouse, as one process after another would open it. */
export class Shop {
  readonly folder: string
  readonly warehouse: Warehouse

  constructor(folder: string, behaviour: Behaviour = 'well') {
    this.folder = folder
    const lost = new Error('The connection was lost.')
    this.warehouse = new Warehouse({
      path: `${folder}/warehouse.json`,
      beforeLoad: ({ loadId }) => {
        if (behaviour === 'fails for now') throw lost
        // A destination looks for the load id before it looks at the rows.
        const isLoaded = this.warehouse.values('shop', '_dlt_loads', 'load_id').includes(loadId)
        if (behaviour === 'loses the answer' && isLoaded) throw lost
        if (behaviour !== 'refuses for good' || isLoaded) return
        throw new DestinationError('Table "orders" is read-only.', { kind: 'terminal' })
      },
      afterLoad: () => {
        if (behaviour === 'loses the answer') throw lost
      },
    })
  }

  get workingDir(): string {
    return `${this.folder}/work`
  }

  pipeline(options: PipelineOptions = {}): Pipeline {
    const logger = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
    const { workingDir, warehouse: destination } = this
    return new Pipeline({ pipelineName: 'shop', workingDir, destination, logger, ...options })
  }
}
