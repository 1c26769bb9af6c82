import type { ColumnSchema, DataValidationError } from '@dlt/schema'
import type { PageSummary } from '../page/page.ts'
import type { NormalizationPlan } from './normalization-plan.ts'
import { type PlanInput, planNormalization } from './plan-normalization.ts'
import { tableKeys, tablesToJudge } from './rows-to-judge.ts'

/** A plan, and the tables whose rows must be judged before it is final. */
export interface ScreenedPlan {
  readonly plan: NormalizationPlan
  /** Positions in the plan; empty when the plan is final. */
  readonly tables: ReadonlySet<number>
}

/**
 * Plans a package whose contracts may discard rows: level by level, because the rows that are discarded decide what is new in the
 * tables below. Without such contracts the first plan is final.
 */
export class Screening {
  readonly #input: Omit<PlanInput, 'summaries' | 'decided' | 'refuse'>
  readonly #judged = new Set<string>()
  readonly #decided = new Map<string, ReadonlyMap<string, ColumnSchema>>()

  constructor(input: Omit<PlanInput, 'summaries' | 'decided' | 'refuse'>) {
    this.#input = input
  }

  /**
   * The plan for the pages that are left. While it names tables, the caller takes the rows out that `sievePage` finds, and asks again.
   * @throws as {@link planNormalization}
   * @throws DataValidationError for a new table or column that a contract freezes
   */
  next(summaries: Iterable<PageSummary>): ScreenedPlan {
    const frozen: { readonly error: DataValidationError; readonly list: string }[] = []
    const refuse = (error: DataValidationError, list: string): void => {
      frozen.push({ error, list })
    }
    const plan = planNormalization({ ...this.#input, summaries, decided: this.#decided, refuse })
    const tables = tablesToJudge(plan, this.#judged)
    const keys = tableKeys(plan.tables)
    // Rows below those that may be discarded may not be there in the end.
    const pending = [...tables].map((position) => keys[position] ?? '')
    const first = frozen.find(({ list }) => !pending.some((key) => list !== key && list.startsWith(key)))
    if (first !== undefined) throw first.error
    this.#note(plan, tables)
    return { plan, tables }
  }

  #note({ tables }: NormalizationPlan, judged: ReadonlySet<number>): void {
    const keys = tableKeys(tables)
    for (const position of judged) {
      const key = keys[position] ?? ''
      this.#judged.add(key)
      this.#decided.set(key, columnsOf(tables[position]?.fields ?? new Map()))
    }
  }
}

function columnsOf(fields: NormalizationPlan['tables'][number]['fields']): ReadonlyMap<string, ColumnSchema> {
  const loaded = [...fields].filter(([, { role }]) => role === 'data')
  return new Map(loaded.map(([key, { column }]) => [key, column]))
}
