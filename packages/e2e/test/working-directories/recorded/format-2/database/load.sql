COPY shop."days" FROM '<folder>/shop_days.csv' (FORMAT 'csv', force_not_null ('_dlt_load_id', '_dlt_id'), quote '"', delimiter ',', header 1);
COPY shop.days__lines FROM '<folder>/shop_days__lines.csv' (FORMAT 'csv', force_not_null ('_dlt_parent_id', '_dlt_list_idx', '_dlt_id'), quote '"', delimiter ',', header 1);
COPY shop.nights FROM '<folder>/shop_nights.csv' (FORMAT 'csv', force_not_null ('_dlt_load_id', '_dlt_id'), quote '"', delimiter ',', header 1);
COPY shop.nights__lines FROM '<folder>/shop_nights__lines.csv' (FORMAT 'csv', force_not_null ('_dlt_parent_id', '_dlt_list_idx', '_dlt_id'), quote '"', delimiter ',', header 1);
COPY shop._dlt_loads FROM '<folder>/shop__dlt_loads.csv' (FORMAT 'csv', force_not_null ('load_id', 'status', 'inserted_at'), quote '"', delimiter ',', header 1);
COPY shop._dlt_pipeline_state FROM '<folder>/shop__dlt_pipeline_state.csv' (FORMAT 'csv', force_not_null ('version', 'engine_version', 'pipeline_name', 'state', 'created_at', '_dlt_load_id', '_dlt_id'), quote '"', delimiter ',', header 1);
COPY shop._dlt_version FROM '<folder>/shop__dlt_version.csv' (FORMAT 'csv', force_not_null ('version', 'engine_version', 'inserted_at', 'schema_name', 'version_hash', 'schema'), quote '"', delimiter ',', header 1);
