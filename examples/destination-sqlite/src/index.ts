export { type SqliteOptions, sqlite as destination, sqlite } from './destination.ts'
