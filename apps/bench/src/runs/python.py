"""The same journey through Python dlt. Arguments: data file, database file or postgresql:// address, mode (best, csv or default), documents."""

import itertools
import json
import os
import resource
import sys
import tempfile
import time

started_at = time.perf_counter()
data_path, database_path, mode, documents = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
page_rows = 1 if mode == "default" else 1000

os.environ["DLT_DATA_DIR"] = tempfile.mkdtemp(prefix="dlt-bench-python-")
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
if mode != "default":
    # Two workers need several files to work on.
    os.environ["NORMALIZE__WORKERS"] = "2"
    os.environ["SOURCES__DATA_WRITER__FILE_MAX_ITEMS"] = str(max(1, documents // 8))

if __name__ == "__main__":
    import dlt
    from dlt.common import json as dlt_json

    @dlt.resource(name="events", write_disposition="append", file_format={"best": "parquet", "csv": "csv"}.get(mode))
    def events():
        with open(data_path, "rb") as file:
            lines = itertools.islice(file, documents)
            if mode == "default":
                yield from (dlt_json.loadb(line) for line in lines)
            else:
                while page := [dlt_json.loadb(line) for line in itertools.islice(lines, page_rows)]:
                    yield page

    is_server = database_path.startswith("postgresql://")
    destination = dlt.destinations.postgres(database_path) if is_server else dlt.destinations.duckdb(database_path)
    pipeline = dlt.pipeline("bench", destination=destination, dataset_name="github")
    steps = {}
    last_at = time.perf_counter()
    steps["import"] = last_at - started_at
    for name, step in (("extract", lambda: pipeline.extract(events())), ("normalize", pipeline.normalize), ("load", pipeline.load)):
        step()
        steps[name] = time.perf_counter() - last_at
        last_at = time.perf_counter()
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in usages)
    usage = max(each.ru_maxrss for each in usages)
    print(json.dumps({"workSeconds": time.perf_counter() - started_at, "steps": steps, "cpuSeconds": cpu, "peakMegabytes": usage / 1024}))
