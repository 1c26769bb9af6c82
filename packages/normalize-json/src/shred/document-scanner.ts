import { parseExactly } from '@dlt/schema'
import { DocumentTape, entryKind } from './document-tape.ts'
import {
  endOfContainer,
  endOfEscapedText,
  endOfKey,
  endOfNumber,
  endOfText,
  endOfWord,
  skipBlanks,
} from './json-syntax.ts'
import type { FieldNode, KeepsJson, ObjectNode } from './path-tree.ts'
import { scanNumber } from './scan-number.ts'

/** What methods answer instead of a position: the general parser has to read the document. */
const leave = -1

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** Objects and lists inside of each other that are scanned: each takes a part of the stack. */
const mostDepth = 1000

/**
 * Reads documents from JSON text without making objects and strings of them. It knows the common forms alone: whatever else it
 * meets, also what is no JSON, it leaves to the general parser.
 */
export class DocumentScanner {
  /** The document that was scanned last. */
  readonly tape: DocumentTape = new DocumentTape()
  private readonly keepsJson: KeepsJson | undefined
  private bytes: Uint8Array = new Uint8Array()
  /** Objects so far: the number of one tells whether a field was met in it before. */
  private objectCount = 0
  /** Objects and lists that what is scanned stands in. */
  private depth = 0
  /** Bytes of the document that may still be read twice, so that lists in lists do not multiply the work. */
  private rereadable = 0

  constructor(keepsJson: KeepsJson | undefined) {
    this.keepsJson = keepsJson
  }

  /**
   * Puts a document on the tape.
   * @param bytes well-formed UTF-8; the document is followed by a control character or by nothing
   * @param level levels of objects and lists that may become columns and tables
   * @returns false when the general parser has to read it
   */
  scan(bytes: Uint8Array, start: number, end: number, root: ObjectNode, level: number): boolean {
    this.bytes = bytes
    this.tape.clear(bytes)
    this.depth = 0
    this.rereadable = end - start
    const begin = skipBlanks(bytes, start)
    if (bytes[begin] !== openObject) return false
    const after = this.scanObject(begin + 1, root, level, level)
    if (after !== leave && skipBlanks(bytes, after) === end) return true
    // What was parsed until here would stand in memory beside the document.
    this.tape.clear(bytes)
    return false
  }

  /**
   * Scans what follows the opening brace, and answers where the object ends.
   * @param level levels that may follow below the object
   * @param rowLevel levels that may follow below the row that it is part of
   */
  private scanObject(start: number, node: ObjectNode, level: number, rowLevel: number): number {
    const { bytes } = this
    this.objectCount++
    const object = this.objectCount
    let position = skipBlanks(bytes, start)
    if (bytes[position] === closeObject) return position + 1
    let previous: FieldNode | undefined
    for (;;) {
      if (bytes[position] !== quote) return leave
      const foreseen = previous === undefined ? node.first : previous.next
      const expected = foreseen === undefined ? leave : endOfKey(bytes, position + 1, foreseen.keyBytes)
      const end = expected === leave ? endOfText(bytes, position + 1) : expected
      if (end === leave) return leave
      const field: FieldNode =
        foreseen === undefined || expected === leave ? node.follow(previous, this.textOf(position + 1, end)) : foreseen
      // The last of equal keys counts, and keys that are numbers come first in objects.
      if (field.metIn === object || field.isIndex) return leave
      field.metIn = object
      previous = field
      position = skipBlanks(bytes, end + 1)
      if (bytes[position] !== colon) return leave
      position = this.scanValue(skipBlanks(bytes, position + 1), field, level, rowLevel)
      if (position === leave) return leave
      position = skipBlanks(bytes, position)
      if (bytes[position] === closeObject) return position + 1
      if (bytes[position] !== comma) return leave
      position = skipBlanks(bytes, position + 1)
    }
  }

  private scanValue(start: number, field: FieldNode, level: number, rowLevel: number): number {
    switch (this.bytes[start]) {
      case quote:
        return this.scanText(start, field)
      case openObject:
        return level <= 0 || field.keepsJson(this.keepsJson)
          ? this.parseContainer(start, field)
          : this.scanFields(start, field, level - 1, rowLevel)
      case openList:
        return level <= 0 || field.keepsJson(this.keepsJson)
          ? this.parseContainer(start, field)
          : this.scanList(start, field, rowLevel - 1)
      case 0x74:
        return this.scanWord(start, field, entryKind.true, 'true')
      case 0x66:
        return this.scanWord(start, field, entryKind.false, 'false')
      case 0x6e:
        return this.scanWord(start, field, entryKind.null, 'null')
      default:
        return this.scanNumber(start, field)
    }
  }

  private scanText(start: number, field: FieldNode): number {
    const end = endOfText(this.bytes, start + 1)
    if (end === leave) return this.parseText(start, field)
    this.tape.add(field, entryKind.text, start + 1, end)
    return end + 1
  }

  private scanWord(start: number, field: FieldNode, kind: number, word: string): number {
    const end = endOfWord(this.bytes, start, word)
    if (end !== leave) this.tape.add(field, kind, 0, 0)
    return end
  }

  private scanNumber(start: number, field: FieldNode): number {
    const { bytes } = this
    const position = scanNumber(bytes, start, field, this.tape)
    return position === leave ? this.parse(start, endOfNumber(bytes, start), field) : position
  }

  private scanFields(start: number, field: FieldNode, level: number, rowLevel: number): number {
    if (++this.depth > mostDepth) return leave
    const entry = this.tape.add(field, entryKind.object, 0, 0)
    const end = this.scanObject(start + 1, field.objects, level, rowLevel)
    this.tape.close(entry)
    this.depth--
    return end
  }

  /** Scans a list of objects; lists with anything else are parsed. */
  private scanList(start: number, field: FieldNode, level: number): number {
    const { bytes, tape } = this
    const first = skipBlanks(bytes, start + 1)
    if (bytes[first] === closeList) return first + 1
    if (bytes[first] !== openObject) return this.parseContainer(start, field)
    if (++this.depth > mostDepth) return leave
    const entry = tape.addList(field)
    let position = first
    while (bytes[position] === openObject) {
      const item = tape.add(undefined, entryKind.item, 0, 0)
      position = this.scanObject(position + 1, field.items.fields, level, level)
      if (position === leave) return leave
      tape.close(item)
      position = skipBlanks(bytes, position)
      if (bytes[position] === closeList) {
        tape.close(entry)
        this.depth--
        return position + 1
      }
      if (bytes[position] !== comma) return leave
      position = skipBlanks(bytes, position + 1)
    }
    this.rereadable -= position - start
    if (this.rereadable < 0) return leave
    tape.takeBack(entry)
    this.depth--
    return this.parseContainer(start, field)
  }

  private parseContainer(start: number, field: FieldNode): number {
    return this.parse(start, endOfContainer(this.bytes, start), field)
  }

  /** Parses a text with escapes. */
  private parseText(start: number, field: FieldNode): number {
    return this.parse(start, endOfEscapedText(this.bytes, start + 1), field)
  }

  private parse(start: number, end: number, field: FieldNode): number {
    try {
      this.tape.addValue(field, parseExactly(this.textOf(start, end)))
      return end
    } catch {
      // The general parser says what is wrong.
      return leave
    }
  }

  private textOf(start: number, end: number): string {
    const { buffer, byteOffset } = this.bytes
    return Buffer.from(buffer, byteOffset + start, end - start).toString('utf8')
  }
}
