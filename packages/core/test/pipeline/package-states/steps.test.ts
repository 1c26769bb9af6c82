import { testCells } from './cell-tests.ts'
import { stepEvents } from './events.ts'

testCells('Steps', stepEvents)
