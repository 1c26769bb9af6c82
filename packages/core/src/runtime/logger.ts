import { AsyncLocalStorage } from 'node:async_hooks'
import { withoutSecrets } from './known-secrets.ts'

/** Levels of messages, least important first. */
const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const

/** A level of messages. */
export type LogLevel = (typeof levels)[number]

/** Takes messages for people who watch a pipeline. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warning(message: string): void
  error(message: string): void
}

/**
 * Writes messages of a level and above to stderr, one line each: time, level, name, message.
 *
 * @param level from `RUNTIME__LOG_LEVEL` when absent; `WARNING` where that is not set
 */
export function createLogger(
  level: LogLevel = configuredLevel(),
  write: (line: string) => void = writeToStderr,
): Logger {
  const at = (own: LogLevel) => (message: string) => {
    if (levels.indexOf(own) >= levels.indexOf(level)) write(`${new Date().toISOString()}|[${own}]|dlt|${message}\n`)
  }
  return { debug: at('DEBUG'), info: at('INFO'), warning: at('WARNING'), error: at('ERROR') }
}

/** A logger that gets each message with `***` in place of secrets of the configuration. */
export function concealingLogger(logger: Logger): Logger {
  return {
    debug: (message) => logger.debug(withoutSecrets(message)),
    info: (message) => logger.info(withoutSecrets(message)),
    warning: (message) => logger.warning(withoutSecrets(message)),
    error: (message) => logger.error(withoutSecrets(message)),
  }
}

const storage = new AsyncLocalStorage<Logger>()

/** Runs a call of a pipeline: what is said on its way goes to its logger. */
export function withLogger<Result>(logger: Logger, run: () => Result): Result {
  return storage.run(logger, run)
}

/** The logger of the pipeline that is at work; one to stderr outside of pipelines. */
export function currentLogger(): Logger {
  return storage.getStore() ?? createLogger()
}

function configuredLevel(): LogLevel {
  const given = process.env['RUNTIME__LOG_LEVEL']?.toUpperCase()
  return levels.find((level) => level === given) ?? 'WARNING'
}

function writeToStderr(line: string): void {
  process.stderr.write(line)
}
