/** The name most like `name`, when it differs by no more than a third of its letters. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Levenshtein's distance, row by row; underscores count nothing, so that `end_value` is `endValue`. */
function editDistance(from: string, to: string): number {
  const left = from.replaceAll('_', '')
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const swap = at(row, column - 1) + (letter === to[column - 1] ? 0 : 1)
      next.push(Math.min(swap, at(row, column) + 1, at(next, column - 1) + 1))
    }
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
