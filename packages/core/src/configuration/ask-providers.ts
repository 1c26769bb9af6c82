import { DltError } from '@dlt/schema'
import { describeOrigin, type Lookup, type Origin } from './origin.ts'
import { warnOfPlaceholder } from './placeholders.ts'
import type { ConfigProvider } from './provider.ts'
import { isTable } from './toml-document.ts'

/** A computation that waits for providers: each promise it yields is sent back as its value. See `run-lookups.ts`. */
export type Lookups<Result> = Generator<PromiseLike<unknown>, Result, unknown>

/** What came of looking for a value. */
export interface LookupResult {
  readonly found?: { readonly value: unknown; readonly origin: Origin }
  /** Every place that was looked at, in order, where nobody has it; empty where it was found. */
  readonly lookups: readonly Lookup[]
}

/** What is looked for. */
export interface LookupRequest {
  /** Where, most specific first, without the pipeline's name. */
  readonly paths: readonly (readonly string[])[]
  readonly secret: boolean
  /** Whether only one value is meant, as for credentials: a table in a file without secrets is then passed over. Default: false. */
  readonly onlyValues?: boolean
}

/** Whom to ask. */
export interface LookupContext {
  readonly providers: readonly ConfigProvider[]
  /** Its own values are looked for before those of all pipelines. */
  readonly pipelineName?: string
}

/**
 * Looks for a value: with the pipeline's name before the path at all providers, then without it at all of them; at each provider
 * from the first path to the last.
 *
 * @throws DltError `CONFIGURATION` for a secret that is found where no secret may be, and for a provider that throws
 */
export function* askProviders(
  { paths, secret, onlyValues = false }: LookupRequest,
  { providers, pipelineName }: LookupContext,
): Lookups<LookupResult> {
  const asked: Question[] = []
  for (const prefix of pipelineName === undefined ? [[]] : [[pipelineName], []]) {
    for (const provider of providers) {
      if (provider.isEmpty === true) continue
      const mayHold = provider.supportsSecrets || !secret
      for (const path of paths) {
        const question = { provider, path: [...prefix, ...path], secret }
        const answer = ask(question)
        const value = isPromise(answer) ? yield* awaited(question, answer) : answer
        if (mayHold) asked.push(question)
        if (value === undefined || value === null || (onlyValues && !mayHold && isTable(value))) continue
        const origin = originOf(question)
        if (!mayHold) throw notSecret(origin)
        warnOfPlaceholder(value, origin)
        return { found: { value, origin }, lookups: [] }
      }
    }
  }
  return { lookups: asked.flatMap(lookupsOf) }
}

/** Lets providers read again what changed. */
export function* refreshProviders(providers: readonly ConfigProvider[]): Lookups<void> {
  for (const provider of providers) {
    const refreshed = provider.refresh?.()
    if (refreshed !== undefined) yield refreshed
  }
}

interface Question {
  readonly provider: ConfigProvider
  readonly path: readonly string[]
  readonly secret: boolean
}

function ask({ provider, path, secret }: Question): unknown {
  try {
    return provider.get(path, { secret })
  } catch (error) {
    throw failed({ provider, path, secret }, error)
  }
}

function* awaited(question: Question, answer: PromiseLike<unknown>): Lookups<unknown> {
  try {
    return yield answer
  } catch (error) {
    throw failed(question, error)
  }
}

function failed({ provider, path }: Question, error: unknown): DltError {
  if (DltError.is(error)) return error
  return new DltError(
    `The configuration provider "${provider.name}" failed when it was asked for "${provider.keyOf(path)}". Its error is the cause of this one.`,
    { code: 'CONFIGURATION', retryable: true, cause: error },
  )
}

function lookupsOf(question: Question): readonly Lookup[] {
  const { provider, path, secret } = question
  const places = provider.placesOf?.(path, { secret })
  return places?.map((key) => ({ provider: provider.name, key })) ?? [lookupOf(question)]
}

function lookupOf({ provider, path }: Question): Lookup {
  return { provider: provider.name, key: provider.keyOf(path) }
}

function originOf(question: Question): Origin {
  const location = question.provider.locationOf?.(question.path)
  return { ...lookupOf(question), ...(location !== undefined && { location }) }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function notSecret(origin: Origin): DltError {
  return new DltError(
    `${describeOrigin(origin)} is a secret, and ${origin.provider} may not hold secrets. Move the value to secrets.toml, or to an environment variable.`,
    { code: 'CONFIGURATION', context: { ...(origin.location !== undefined && { file: origin.location }) } },
  )
}
