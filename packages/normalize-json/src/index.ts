export { type CompletedPlan, completePlan } from './complete/complete-plan.ts'
export {
  type NormalizeContext,
  type NormalizedPage,
  normalizePage,
  tablePositions,
} from './normalize/normalize-page.ts'
export type { ColumnFindings, PageFindings, TableFindings } from './normalize/page-findings.ts'
export type {
  ColumnPart,
  ColumnSummary,
  PackedBytes,
  PackedValues,
  Page,
  PageSummary,
  RowLayout,
  TablePart,
  TableSummary,
} from './page/page.ts'
export { decodePage, encodePage, pageHeaderEnd, pageParts, readPageSummary } from './page/page-encoding.ts'
export type { PackedKind, ValueKind } from './page/value-kind.ts'
export { coversPage, plansAgree } from './plan/compare-plans.ts'
export type { NameCollision, NormalizationPlan, NormalizationWarning } from './plan/normalization-plan.ts'
export { type PlanCapabilities, type PlanInput, planNormalization } from './plan/plan-normalization.ts'
export { type ScreenedPlan, Screening } from './plan/screening.ts'
export { createStoredNames, type StoredNames } from './plan/stored-names.ts'
export { type QuarantinedRow, quarantinedRows, rejectionReason } from './reject/quarantine.ts'
export type { PageRejection } from './reject/rejection.ts'
export { rowDocument } from './reject/row-document.ts'
export { type SievedPage, sievePage } from './reject/sieve-page.ts'
export { type JsonLinesSource, shredJsonLines } from './shred/json-lines.ts'
export { PageMemory } from './shred/page-memory.ts'
export type { KeepsJson, KeepsText, ListPath } from './shred/path-tree.ts'
export { createShredder, deepestNesting, type Shredder, type ShredderOptions } from './shred/shredder.ts'
