import { declareMissing } from '@dlt/test-services'
import { declareShapes } from './interoperability/declare-shapes.ts'
import { duckDbEngine } from './interoperability/engines/duckdb.ts'
import { declareProject } from './interoperability/project/declare-project.ts'
import { pythonEnvironment } from './interoperability/python-environment.ts'
import { differingShapes } from './interoperability/shapes/differing.ts'
import { shapes } from './interoperability/shapes/shapes.ts'

const environment = await pythonEnvironment()

if ('python' in environment) {
  declareShapes(duckDbEngine, environment.python, { equal: shapes, differing: differingShapes })
  declareProject(duckDbEngine, environment.python)
} else {
  declareMissing('Python dlt', environment.missing)
}
