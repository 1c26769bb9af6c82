import type { ConfigProvider } from '../configuration/provider.ts'

/** What the configuration of a destination depends on. */
export interface ConfigureOptions {
  /** The pipeline's own values come first. Default: none. */
  readonly pipelineName?: string
  /** Who is asked. Default: the providers of this process. */
  readonly providers?: readonly ConfigProvider[]
}
