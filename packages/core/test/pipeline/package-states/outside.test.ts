import { testCells } from './cell-tests.ts'
import { outsideEvents } from './events.ts'

testCells('From outside', outsideEvents)
