import { sampleCapabilities } from '@dlt/destination/testing'
import { type DescribeDestinationOptions, describeDestination } from '../../src/index.ts'

const options: DescribeDestinationOptions = {
  capabilities: sampleCapabilities,
  create: async () => {
    throw new Error('The cases are declared, and none runs.')
  },
}

describeDestination('usual', options)
describeDestination('slow', { ...options, timeout: 600_000 })
