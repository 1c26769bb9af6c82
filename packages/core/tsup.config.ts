import { tsupConfig } from '../../tooling/tsup.ts'

export default tsupConfig({
  index: 'src/index.ts',
  'destinations/index': 'src/destinations/index.ts',
  'normalize/worker': 'src/normalize/worker.ts',
})
