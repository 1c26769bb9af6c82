import { env } from 'node:process'
import { test } from 'vitest'

/**
 * Declares the test that says why a service is missing: skipped with the reason, or failed where `DLT_REQUIRE_SERVICES` is set, as where
 * tests decide. Nothing is declared where the service is there.
 */
export const declareMissing = (service: string, missing: string | undefined): void => {
  if (missing === undefined) return
  test(`${service} is there: ${missing}`, ({ expect, skip }) => {
    skip(env['DLT_REQUIRE_SERVICES'] === undefined, missing)
    expect(missing).toBeUndefined()
  })
}
