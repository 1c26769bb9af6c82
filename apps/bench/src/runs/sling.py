"""The documents through Sling, into one wide table. Arguments: data file, postgresql:// address, documents to load."""

import itertools
import json
import os
import resource
import subprocess
import sys
import time

started_at = time.perf_counter()
data_path, database, documents = sys.argv[1], sys.argv[2], int(sys.argv[3])
part = os.path.join(os.getcwd(), "part.jsonl")
with open(data_path, "rb") as source, open(part, "wb") as target:
    target.writelines(itertools.islice(source, documents))

sling = os.environ["SLING_BINARY"]
environment = {**os.environ, "TARGET": f"{database}?sslmode=disable", "SLING_DISABLE_TELEMETRY": "true", "SLING_HOME_DIR": os.getcwd()}
options = ["--src-stream", f"file://{part}", "--src-options", "flatten: true"]
began_at = time.perf_counter()
subprocess.run(
    [sling, "run", *options, "--tgt-conn", "TARGET", "--tgt-object", "github.events", "--mode", "full-refresh"],
    env=environment,
    check=True,
    stdout=sys.stderr,
)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.perf_counter() - began_at
print(json.dumps({"workSeconds": seconds, "steps": {"load": seconds}, "cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMegabytes": usage.ru_maxrss / 1024}))
