import type { AlteredColumn } from '@dlt/destination'

/** What becomes of a column, in a few signs: `~ price DECIMAL(10,2) -> DECIMAL(12,2)`. */
export function alteredText(altered: AlteredColumn): string {
  switch (altered.change) {
    case 'type':
      return `~ ${altered.column} ${altered.from} -> ${altered.to}`
    case 'nullable':
      return `~ ${altered.column} allows nulls`
    case 'rename':
      return `~ ${altered.column} is now called ${altered.to}`
    case 'drop':
      return `- ${altered.column}`
  }
}
