"""The same items through Python dlt. Arguments: folder for working files, how many, how they are yielded (sync or pages)."""

import json
import os
import resource
import sys
import time

started_at = time.perf_counter()
folder, count, form = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.environ["DLT_DATA_DIR"] = folder
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt


def item(id):
    return {"id": id, "updated_at": id // 8, "name": f"item {id % 1000}", "value": id / 2}


@dlt.resource(primary_key="id")
def items(cursor=dlt.sources.incremental("updated_at", initial_value=0)):
    if form == "pages":
        for first in range(1, count + 1, 1000):
            yield [item(id) for id in range(first, first + 1000)]
    else:
        for id in range(1, count + 1):
            yield item(id)


def doubled(row):
    return {**row, "doubled": row["value"] * 2}


pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination="duckdb")
steps = {"import": time.perf_counter() - started_at}
last_at = time.perf_counter()
pipeline.extract(items().add_map(doubled).add_filter(lambda row: row["id"] % 100 != 0))
steps["extract"] = time.perf_counter() - last_at
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "workSeconds": time.perf_counter() - started_at,
            "steps": steps,
            "cpuSeconds": usage.ru_utime + usage.ru_stime,
            "peakMegabytes": usage.ru_maxrss / 1024,
        }
    )
)
