import type { Shape } from '../shape.ts'
import { appendShapes } from './append.ts'
import { historyShapes } from './history.ts'
import { mergeShapes } from './merge.ts'
import { replaceShapes } from './replace.ts'
import { stateShapes } from './state.ts'

/** All pipelines that must leave what Python alone leaves. */
export const shapes: readonly Shape[] = [
  ...appendShapes,
  ...stateShapes,
  ...replaceShapes,
  ...mergeShapes,
  ...historyShapes,
]
