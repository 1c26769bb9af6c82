/** Bytes of extracted files up to which a package counts as small and is normalized without threads. */
export const smallPackageBytes: number = 4 * 1024 * 1024
