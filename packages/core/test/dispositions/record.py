"""Records what Python dlt makes of write dispositions: the tables after extract and after normalize. Run with a Python that has dlt 1.31."""
import datetime
import gzip
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


# Documents whose ids follow from them, by how their rows are merged.
HISTORY = {"write_disposition": {"disposition": "merge", "strategy": "scd2"}}
UPSERT = {"disposition": "merge", "strategy": "upsert"}
DOCUMENTS = {
    "history of scalars": (HISTORY, [
        {"a": 1}, {"a": 1, "b": "x"}, {"b": "x", "a": 1}, {"a": 1, "c": None, "d": True}, {"a": "ż\n\u2028", "_dlt_load_id": "1"}, {"a": 2**53 + 1}, {},
    ]),
    "history of doubles": (HISTORY, [{"a": 1.5, "b": 1}, {"a": 1.0, "b": 1}, {"a": 1e16, "b": 2}]),
    "history of nested documents": (HISTORY, [
        {"id": 1, "name": "foo", "kids": [{"n": 1}]},
        {"id": 2, "nested": {"x": [1, 2, {"y": "z"}]}, "empty": [], "object": {}},
        {"id": 3, "lists": [[1, 2], [3, [4]]], "Camel Case": {"B": 1, "A": 2}},
    ]),
    "history of doubles in lists": (HISTORY, [
        {"id": 1, "kids": [{"n": 1.0, "o": {"p": 2.0}}, {"n": 1.5, "o": {"p": 2.5}}], "values": [1.0, 2.5], "lists": [[1.0], [2.5]]},
    ]),
    "history of types": (HISTORY, [
        {
            "when": datetime.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC),
            "day": datetime.date(2024, 1, 2),
            "time": datetime.time(3, 4, 5),
            "bytes": b"\x00\xff",
            "kids": [{"when": datetime.datetime(2024, 1, 2, tzinfo=UTC)}],
        },
    ]),
    "history with ids of its own": (HISTORY, [{"_dlt_id": "own", "a": 1, "kids": [1]}, {"a": 1}]),
    "key of a number": ({"write_disposition": UPSERT, "primary_key": "id"}, [{"id": 1, "kids": [{"n": 1}]}, {"id": 2**53 + 1}]),
    "key of several columns": ({"write_disposition": UPSERT, "primary_key": ["b", "A x"]}, [{"A x": 1, "b": "z"}, {"b": "é\"", "A x": 2}]),
    "key of doubles": ({"write_disposition": UPSERT, "primary_key": "id"}, [{"id": 1.0}, {"id": 2.5}]),
    "key in an object": ({"write_disposition": UPSERT, "primary_key": "o__id"}, [{"o": {"id": "x"}}]),
    "key of a date": ({"write_disposition": UPSERT, "primary_key": ["day", "flag"]}, [{"day": datetime.date(2024, 1, 2), "flag": True}]),
    "key of a time stamp": ({"write_disposition": UPSERT, "primary_key": "at"}, [{"at": datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)}]),
    "key of a time stamp as text": ({"write_disposition": UPSERT, "primary_key": "at"}, [{"at": "2024-01-02T03:04:05Z"}]),
    "key of rows that are only inserted": (
        {"write_disposition": {"disposition": "merge", "strategy": "insert-only"}, "primary_key": "id"},
        [{"id": "a", "kids": [[1]]}],
    ),
    "key of changes": ({"write_disposition": {"disposition": "merge", "strategy": "cdc"}, "primary_key": "id"}, [{"id": "a"}]),
    "key with ids of its own": ({"write_disposition": UPSERT, "primary_key": "id"}, [{"id": 1, "_dlt_id": "own", "kids": [1]}]),
}


def row_ids(name, hints, items):
    """The ids of rows, and the ids that they refer to, by table."""
    pipeline = dlt.pipeline(name.replace(" ", "_"), destination=dlt.destinations.duckdb(":memory:"))
    pipeline.extract(dlt.resource(items, name="items", **hints), loader_file_format="jsonl")
    pipeline.normalize()
    package = pipeline.get_load_package_info(pipeline.list_normalized_load_packages()[0])
    tables = {}
    for job in package.jobs["new_jobs"]:
        table = job.job_file_info.table_name
        if not table.startswith("_dlt"):
            open_file = gzip.open if job.file_path.endswith(".gz") else open
            with open_file(job.file_path, "rt", encoding="utf-8") as lines:
                rows = [json.loads(line) for line in lines]
            tables[table] = [{key: row[key] for key in sorted(row) if key in ("_dlt_id", "_dlt_parent_id", "_dlt_root_id")} for row in rows]
    return {"items": items, "ids": {table: tables[table] for table in sorted(tables)}}


folder = Path(__file__).parent / "recorded"
recorded = {name: record(name, hints) for name, hints in CASES.items()}
(folder / "tables.json").write_text(json.dumps(recorded, indent=1) + "\n")
ids = {name: row_ids(name, hints, items) for name, (hints, items) in DOCUMENTS.items()}
lines = [f" {json.dumps(name)}: {dlt_json.typed_dumps(case)}" for name, case in ids.items()]
(folder / "row-ids.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
