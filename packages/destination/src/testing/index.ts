export { sampleCapabilities } from './sample-capabilities.ts'
