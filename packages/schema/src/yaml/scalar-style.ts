import { isPlainText } from './plain-scalars.ts'

/** How a text is written: as it is, or in quotes. */
export type ScalarStyle = 'plain' | 'single' | 'double'

const leadingIndicator = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?:\s|$)|---|\.\.\.)/
const innerIndicator = /:(?:\s|$)|\s#/
const spaceAtEnd = /^ | $/
/** Anything that single quotes cannot hold: control characters, line separators, byte order marks, lone surrogates. */
const special = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10fffe}]/u
const spaceBesideBreak = / \n|\n /

/** Whether a text spans several lines. */
export function isMultiline(text: string): boolean {
  return text.includes('\n')
}

/**
 * The style in which the reference system's YAML writer puts a text.
 *
 * @param isKey whether it is a key on one line with its value.
 */
export function chooseStyle(text: string, isKey: boolean): ScalarStyle {
  if (special.test(text) || spaceBesideBreak.test(text) || (isKey && isMultiline(text))) return 'double'
  const isPlain =
    isPlainText(text) &&
    !isMultiline(text) &&
    !spaceAtEnd.test(text) &&
    !leadingIndicator.test(text) &&
    !innerIndicator.test(text)
  return isPlain ? 'plain' : 'single'
}
