import { tsupConfig } from '../../tooling/tsup.ts'

export default tsupConfig({ index: 'src/index.ts' })
