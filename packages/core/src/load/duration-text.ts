/** A duration for people: `0.23 seconds`, `2 minutes and 3.50 seconds`, `1 hour, 1 minute and 1.00 seconds`. */
export function durationText(milliseconds: number): string {
  const hundredths = Math.max(0, Math.round(milliseconds / 10))
  const minutes = Math.floor(hundredths / 6000)
  const parts = [counted(Math.floor(minutes / 60), 'hour'), counted(minutes % 60, 'minute')].filter(
    (part) => part !== '',
  )
  const seconds = `${((hundredths % 6000) / 100).toFixed(2)} seconds`
  return parts.length === 0 ? seconds : `${parts.join(', ')} and ${seconds}`
}

function counted(count: number, unit: string): string {
  if (count === 0) return ''
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
