import type { CustomTypesConfig } from 'pg'

const asText = (value: string): string => value

/** Every value as the server's text. What an application has set for the driver does not count here. */
export const rowTexts: CustomTypesConfig = { getTypeParser: () => asText }
