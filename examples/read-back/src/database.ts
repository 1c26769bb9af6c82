// Written by dlt from the schema "read_back". Do not change it: it is written anew by writeTypes.

import type { PreciseDateTime } from '@dlt/core'

/** Rows of the tables. */
export interface Database {
  _dlt_loads: {
    load_id: string
    schema_name: string | null
    status: number | bigint
    inserted_at: Date | PreciseDateTime
    schema_version_hash: string | null
  }
  _dlt_pipeline_state: {
    version: number | bigint
    engine_version: number | bigint
    pipeline_name: string
    state: string
    created_at: Date | PreciseDateTime
    version_hash: string | null
    _dlt_load_id: string
    _dlt_id: string
  }
  _dlt_version: {
    version: number | bigint
    engine_version: number | bigint
    inserted_at: Date | PreciseDateTime
    schema_name: string
    version_hash: string
    schema: string
  }
  orders: {
    id: number
    ordered_at: Date | PreciseDateTime | null
    customer__name: string | null
    customer__country: string | null
    _dlt_load_id: string
    _dlt_id: string
  }
  orders__lines: {
    sku: string | null
    quantity: number | bigint | null
    price: string | null
    _dlt_parent_id: string
    _dlt_list_idx: number | bigint
    _dlt_id: string
  }
}
