"""Records what Python dlt makes of write dispositions: the tables after extract and after normalize. Run with a Python that has dlt 1.31."""
import datetime
import json
import os
import tempfile
from pathlib import Path

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
os.environ["DLT_DATA_DIR"] = tempfile.mkdtemp()
import dlt  # noqa: E402
from dlt.common.json import json as dlt_json  # noqa: E402

MERGE = {"disposition": "merge"}
UTC = datetime.timezone.utc
CASES = {
 'merge': dict(write_disposition='merge', primary_key='id'),
 'no keys': dict(write_disposition='merge'),
 'delete-insert': dict(write_disposition={'disposition':'merge','strategy':'delete-insert','deduplicated':True,'source_filter':'id > 1','destination_scope':'day = 1'}, merge_key='day', primary_key=['id','Name']),
 'upsert': dict(write_disposition={'disposition':'merge','strategy':'upsert','skip_unchanged_rows':True,'row_version_column_name':'Version'}, primary_key='id'),
 'upsert unskipped': dict(write_disposition={'disposition':'merge','strategy':'upsert','row_version_column_name':'Version'}, primary_key='id'),
 'insert-only': dict(write_disposition={'disposition':'merge','strategy':'insert-only'}, primary_key='id'),
 'cdc': dict(write_disposition={'disposition':'merge','strategy':'cdc','destination_scope':'day = 1','skip_unchanged_rows':True}, primary_key='id', columns={'deleted':{'hard_delete':True,'data_type':'bool'}}),
 'scd2': dict(write_disposition={'disposition':'merge','strategy':'scd2'}),
 'scd2 all': dict(write_disposition={'disposition':'merge','strategy':'scd2','validity_column_names':['From','To'],'active_record_timestamp':'9999-12-31','boundary_timestamp':'2024-01-01T00:00:00Z','row_version_column_name':'Version'}, merge_key='id'),
 'scd2 dates': dict(write_disposition={'disposition':'merge','strategy':'scd2','active_record_timestamp':datetime.datetime(9999,12,31,tzinfo=datetime.timezone.utc),'boundary_timestamp':None}, columns={'name':{'data_type':'text'}}),
 'scd2 boundary': dict(write_disposition={'disposition':'merge','strategy':'scd2','boundary_timestamp':datetime.datetime(2024,1,2,3,4,5,678901,tzinfo=datetime.timezone.utc),'active_record_timestamp':None}),
 'replace dict': dict(write_disposition={'disposition':'replace'}),
 'append dict': dict(write_disposition={'disposition':'append'}, primary_key='id'),
 'skip dict': dict(write_disposition={'disposition':'skip'}),
 'sort and delete': dict(write_disposition='merge', primary_key='id', columns={'Stamp':{'dedup_sort':'desc'},'Gone':{'hard_delete':True}}),
 'no strategy': dict(write_disposition={'disposition':'merge','deduplicated':True}, primary_key='id'),
 'declared row version': dict(write_disposition={'disposition':'merge','strategy':'upsert','skip_unchanged_rows':True,'row_version_column_name':'version'}, primary_key='id', columns={'version':{'data_type':'text','nullable':True}}),
 'declared validity': dict(write_disposition={'disposition':'merge','strategy':'scd2'}, columns={'id':{'data_type':'bigint'},'_dlt_valid_to':{'description':'end'}}),
}
ROWS = [{"id": 1, "name": "a", "day": 1, "Version": "v1", "Stamp": 5, "Gone": False, "deleted": False, "kids": [{"n": 1}]}]


def tables(pipeline):
    document = json.loads(dlt_json.dumps(pipeline.default_schema.to_dict()))
    kept = {name: table for name, table in document["tables"].items() if not name.startswith("_dlt")}
    config = document["normalizers"]["json"].get("config", {})
    return {"tables": kept, "propagation": config.get("propagation", {}).get("tables", {})}


def record(name, hints):
    pipeline = dlt.pipeline(name.replace(" ", "_").replace("-", "_"), destination=dlt.destinations.duckdb(":memory:"))
    pipeline.extract(dlt.resource(ROWS, name="items", **hints))
    extracted = tables(pipeline)
    pipeline.normalize()
    return {"extracted": extracted, "normalized": tables(pipeline)}


recorded = {name: record(name, hints) for name, hints in CASES.items()}
path = Path(__file__).parent / "recorded" / "tables.json"
path.write_text(json.dumps(recorded, indent=1) + "\n")
