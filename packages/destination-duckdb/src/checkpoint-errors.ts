/**
 * DuckDB's words around the error for which a checkpoint failed: of a commit that writes rows to their places, of the next statement on the
 * same open file, and of a file that is opened with a log. The name of a database has no line breaks.
 */
const around =
  /^(?:TransactionContext Error: Failed to commit: Checkpoint failed for database "[^\n]*?"[^"\n]*Original error: |IO Error: Database "[^\n]*?" has been invalidated[^"\n]*Original error: |FATAL Error: Failed to create checkpoint because of error: )(\w[\w ]* Error: )?/

/** The error for which a checkpoint failed, where that is what a message is about; else the message. */
export const withoutCheckpoint = (message: string): string =>
  message.replace(around, (_, kind: string | undefined) => kind ?? 'IO Error: ')
