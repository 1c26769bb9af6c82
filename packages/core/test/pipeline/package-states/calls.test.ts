import { testCells } from './cell-tests.ts'
import { callEvents } from './events.ts'

testCells('Calls', callEvents)
