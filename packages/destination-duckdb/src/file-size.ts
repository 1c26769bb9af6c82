import { stat } from 'node:fs/promises'

/** Bytes of a file; none where it is missing, which is found out when it is loaded. */
export const fileSize = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )
