"""Records sequences of incremental runs with the reference system: which rows pass, what is seen, what is stored.

    python packages/core/test/incremental/record.py

Needs dlt 1.31. Writes beside this file recorded/sequences.json (typed JSON: marked texts are dates, decimals and so on) and
recorded/states.json (what the state holds for the source after two runs, as text). With the argument `states` only the latter.
"""

import os
import sys
import tempfile
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
HERE = os.path.dirname(os.path.abspath(__file__))

import dlt  # noqa: E402
from dlt.common.json import json  # noqa: E402
from dlt.extract.incremental.lag import apply_lag  # noqa: E402


def longest(values):
    return max(values, key=len)


def newest_by_type(values):
    """The example of the reference's documentation: the whole item is the cursor, one newest value is kept per type."""
    item, *rest = values
    newest = dict(rest[0]) if rest else {}
    if item["type"] not in newest or item["at"] > newest[item["type"]]:
        newest[item["type"]] = item["at"]
    return newest


def even_first(values):
    return max(values, key=lambda value: (value % 2 == 0, value))


FUNCTIONS = {"longest": longest, "newest_by_type": newest_by_type, "even_first": even_first, "max": max, "min": min}


def run_once(pipeline, sequence, pages):
    options = dict(sequence["options"])
    if "last_value_func" in options:
        options["last_value_func"] = FUNCTIONS[options["last_value_func"]]
    if options.get("primary_key") == []:
        options["primary_key"] = ()
    incremental = dlt.sources.incremental(options.pop("cursor_path", "ts"), **options)
    begin, seen, passed = {}, [], []

    def read(cursor=incremental):
        begin.update(start_value=cursor.start_value, last_value=cursor.last_value)
        for page in pages:
            yield page
            seen.append(
                {
                    "last_value": cursor.last_value,
                    "start_out_of_range": cursor.start_out_of_range,
                    "end_out_of_range": cursor.end_out_of_range,
                }
            )

    def keep(item):
        passed.append(item)
        return item

    extra = {} if sequence.get("resource_primary_key") is None else {"primary_key": sequence["resource_primary_key"]}
    resource = dlt.resource(read, name="items", **extra)()
    resource.add_map(keep, insert_at=len(resource._pipe) + 1)
    try:
        pipeline.extract(resource)
        error = None
    except Exception as failure:
        error = type(failure.__cause__ or failure).__name__
        while failure.__cause__ is not None:
            failure = failure.__cause__
            if type(failure).__name__.startswith("Incremental"):
                error = type(failure).__name__
    source = pipeline.state.get("sources", {}).get(pipeline.default_schema_name, {})
    cursor_path = sequence["options"].get("cursor_path", "ts")
    state = source.get("resources", {}).get("items", {}).get("incremental", {}).get(cursor_path)
    if state:
        state["unique_hashes"] = sorted(state["unique_hashes"])
    recorded = {"pages": pages, "begin": begin, "seen": seen, "passed": passed, "state": state or None}
    return recorded if error is None else {"pages": pages, "begin": begin, "seen": seen, "error": error}


def record(sequence):
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("recorded", pipelines_dir=folder)
        runs = [run_once(pipeline, sequence, pages) for pages in sequence["runs"]]
    return {**sequence, "runs": runs}


START = datetime(2024, 3, 30, 22, 0, tzinfo=timezone.utc)
KINDS = {
    "integer": [index * 10 for index in range(8)],
    "fraction": [index + 0.25 for index in range(8)],
    "negative": [index - 7 for index in range(8)],
    "large": [2**60 + index for index in range(8)],
    "decimal": [Decimal("1.10") + index for index in range(8)],
    "text": [(START + timedelta(hours=index)).strftime("%Y-%m-%dT%H:%M:%SZ") for index in range(8)],
    "day_text": [(START + timedelta(days=index)).strftime("%Y-%m-%d") for index in range(8)],
    "word": ["B", "Z", "a", "b", "zz", "é", "\uffee", "\U0001f600"],
    "instant": [START + timedelta(hours=index) for index in range(8)],
    "precise": [START + timedelta(microseconds=index) for index in range(8)],
    "zoned": [(START + timedelta(hours=index)).astimezone(timezone(timedelta(hours=2))) for index in range(8)],
    "naive": [(START + timedelta(hours=index)).replace(tzinfo=None) for index in range(8)],
    "date": [(START + timedelta(days=index)).date() for index in range(8)],
}
LAGS = {"integer": 15, "fraction": 1.5, "negative": 2, "large": 2, "text": 5400, "day_text": 2, "instant": 5400}
LAGS.update({"precise": 0.000002, "zoned": 5400, "naive": 5400, "date": 2})


def row(id_, value):
    return {"id": id_, "ts": value}


def forwards(v):
    """A first run, one that overlaps it, one with old rows only, one that goes on; two pages each."""
    return [
        [[row(1, v[2]), row(2, v[3])], [row(3, v[3]), row(4, v[1])]],
        [[row(2, v[3]), row(5, v[3])], [row(6, v[2]), row(7, v[5]), row(8, v[5])]],
        [[row(7, v[5]), row(2, v[3])]],
        [[row(9, v[4])], [row(10, v[6]), row(7, v[5]), row(11, v[5])]],
    ]


SEQUENCES = []


def sequence(name, runs, resource_primary_key="id", **options):
    SEQUENCES.append(
        {"name": name, "options": options, "resource_primary_key": resource_primary_key, "runs": runs}
    )


for kind, v in KINDS.items():
    sequence(f"{kind}: max", forwards(v))
    sequence(f"{kind}: min", forwards(v[::-1]), last_value_func="min")
    sequence(f"{kind}: whole rows", forwards(v), resource_primary_key=None)
    sequence(f"{kind}: initial value", forwards(v), initial_value=v[2])
    sequence(f"{kind}: open start", forwards(v), initial_value=v[2], range_start="open")
    sequence(f"{kind}: range", forwards(v), initial_value=v[2], end_value=v[5])
    sequence(f"{kind}: closed range", forwards(v), initial_value=v[2], end_value=v[5], range_end="closed")
    if kind in LAGS:
        sequence(f"{kind}: lag", forwards(v), lag=LAGS[kind])
        sequence(f"{kind}: lag, min", forwards(v[::-1]), lag=LAGS[kind], last_value_func="min")
        sequence(f"{kind}: lag with initial value", forwards(v), lag=LAGS[kind] * 10, initial_value=v[2])

n = KINDS["integer"]
sequence("key of two columns", forwards(n), resource_primary_key=["id", "ts"])
sequence("key in a list", forwards(n), resource_primary_key=["id"])
sequence("own key wins", forwards(n), resource_primary_key="id", primary_key="ts")
sequence("no key", forwards(n), primary_key=[])
sequence("no key, min", forwards(n[::-1]), primary_key=[], last_value_func="min")
sequence("key column missing", [[[{"ts": 1}]]])
sequence("key column null", [[[row(None, 1), row(None, 1)]], [[row(None, 1), row(1, 1)]]])
sequence("open start, min", forwards(n[::-1]), range_start="open", last_value_func="min")
sequence("open start without initial value", forwards(n), range_start="open")
sequence("range, min", forwards(n[::-1]), initial_value=50, end_value=20, last_value_func="min")
sequence("closed range, min", forwards(n[::-1]), initial_value=50, end_value=20, last_value_func="min", range_end="closed")
sequence("open on both sides", forwards(n), initial_value=20, end_value=50, range_start="open")
sequence("range with lag", forwards(n), initial_value=20, end_value=50, lag=10)
sequence("empty range", forwards(n), initial_value=30, end_value=30)

ascending = [[[row(i, i), row(i + 1, i + 1)] for i in range(1, 12, 2)]] * 2
descending = [[[row(i, i), row(i - 1, i - 1)] for i in range(12, 0, -2)], [[row(i, i), row(i - 1, i - 1)] for i in range(16, 0, -2)]]
sequence("ascending, closes behind the end", ascending, initial_value=2, end_value=6, row_order="asc")
sequence("ascending, closed range", ascending, initial_value=2, end_value=6, row_order="asc", range_end="closed")
sequence("ascending without end", ascending, row_order="asc")
sequence("descending, closes before the start", descending, row_order="desc")
sequence("descending, open start", descending, row_order="desc", range_start="open", initial_value=4)
sequence("descending, initial value", descending, row_order="desc", initial_value=5)
sequence("descending, min, closes behind the end", descending[:1], initial_value=10, end_value=5, row_order="asc", last_value_func="min")
sequence("unordered, last row decides the flags", [[[row(1, 5), row(2, 1), row(3, 9)], [row(4, 9), row(5, 1)]]], initial_value=4, end_value=8)

holes = [[[row(1, 1), {"id": 2}, row(3, None)], [row(4, 2)]], [[{"id": 5}, row(6, None)]], [[row(4, 2), row(7, 2), {"id": 8}]]]
for mode in ("raise", "include", "exclude"):
    sequence(f"missing: {mode}", holes, on_cursor_value_missing=mode)
    sequence(f"missing: {mode}, only null", [[[row(1, 1), row(2, None)]]], on_cursor_value_missing=mode)
    sequence(f"missing: {mode}, by a path", [[[{"id": 1, "a": {"ts": 1}}, {"id": 2, "a": {}}, {"id": 3}]]], cursor_path="a.ts", on_cursor_value_missing=mode)
    sequence(f"missing: {mode}, ordered", [[[row(3, 3), row(2, None)], [row(1, 1)]]], on_cursor_value_missing=mode, row_order="desc", initial_value=2)

nested = [[[{"id": 1, "a": {"b": 1, "c-d": [{"e": 4}, {"e": 2}]}}, {"id": 2, "a": {"b": 2, "c-d": [{"e": 3}]}}]]] * 2
for path in ("a.b", "$.a.b", "$['a']['b']", "@.a.b", "a['b']", "a[b]", "a.c-d[0].e", "$.a['c-d'][0].e", "$.a['c-d'][*].e", "a.c-d.[0].e", "$..b", "$.a['c-d'][-1].e", "$.*.b"):
    sequence(f"path {path}", nested, cursor_path=path)
sequence("quoted key", [[[{"id": 1, "x.y": 1}, {"id": 2, "x.y": 2}]]] * 2, cursor_path="'x.y'")
sequence("double quotes", [[[{"id": 1, "x y": 1}, {"id": 2, "x y": 2}]]] * 2, cursor_path='"x y"')
sequence("key with a dash", [[[{"id": 1, "x-y": 1}, {"id": 2, "x-y": 2}]]] * 2, cursor_path="x-y")

words = [[[row(1, "aa"), row(2, "b")], [row(3, "cc")]], [[row(4, "zz"), row(1, "aa"), row(5, "dddd")]], [[row(5, "dddd")]]]
sequence("function: longest", words, last_value_func="longest")
sequence("function: longest, open start", words, last_value_func="longest", range_start="open")
sequence("function: longest, range", words, last_value_func="longest", initial_value="b", end_value="ddd")
sequence("function: even first", forwards([0, 1, 2, 3, 4, 5, 6, 7]), last_value_func="even_first")
events = [
    [[{"id": 1, "type": "push", "at": 1}, {"id": 2, "type": "fork", "at": 2}], [{"id": 3, "type": "push", "at": 3}]],
    [[{"id": 3, "type": "push", "at": 3}, {"id": 4, "type": "fork", "at": 1}, {"id": 5, "type": "star", "at": 1}]],
]
sequence("function: whole items", events, cursor_path="$", last_value_func="newest_by_type")

far = datetime(2999, 12, 31, tzinfo=timezone.utc)
sequence("clock in the future", [[[row(1, START), row(2, far)]], [[row(3, START + timedelta(days=1)), row(2, far), row(4, far)]]])
sequence("cursor going backwards", [[[row(1, 10)]], [[row(2, 9)], [row(3, 8)]], [[row(1, 10), row(4, 11)]]])
sequence("zone appears", [[[row(1, KINDS["naive"][0])]], [[row(2, KINDS["instant"][0]), row(3, KINDS["instant"][2])]]])
sequence("zone disappears", [[[row(1, KINDS["instant"][1])]], [[row(2, KINDS["naive"][0]), row(3, KINDS["naive"][2])]]])
sequence("zone appears within a page", [[[row(1, KINDS["naive"][0]), row(2, KINDS["instant"][2])]]])
sequence("naive range, aware rows", [[[row(i, value) for i, value in enumerate(KINDS["instant"])]]], initial_value=KINDS["naive"][2], end_value=KINDS["naive"][5])
sequence("another kind: text after number", [[[row(1, 1)]], [[row(2, "2")]]])
sequence("another kind: date after instant", [[[row(1, START)]], [[row(2, START.date())]]])
sequence("another kind: end value", [[[row(1, "1")]]], initial_value=1, end_value=9)
sequence("whole and fraction", [[[row(1, 1), row(2, 1.5)]], [[row(3, 1.5), row(4, 2), row(2, 1.5)]]])
sequence("number and decimal", [[[row(1, 1), row(2, Decimal("1.5"))]], [[row(3, 1.5), row(4, 2), row(2, Decimal("1.5"))]]])
sequence("empty pages", [[[], [row(1, 1)], []], [[]], [[row(1, 1)], []]])
sequence("many rows of one value", [[[row(i, 1) for i in range(230)], [row(i, 1) for i in range(225, 260)]], [[row(i, 1) for i in range(262)]]])
sequence("whole rows with dates", [[[{"at": START, "ts": 1, "in": {"d": [START.date(), START]}}]], [[{"ts": 1, "at": START.astimezone(timezone(timedelta(hours=3))), "in": {"d": [START.date(), START]}}, {"at": START, "ts": 1}]]], resource_primary_key=None)
sequence("days lag over date-times", forwards(KINDS["text"]), lag=1, initial_value="2000-01-01")
sequence("seconds lag over days", forwards(KINDS["day_text"]), lag=7200, initial_value="2000-01-01T00:00:00Z")

FORMS = [
    "2024-03-10T12:30:45Z", "2024-03-10T12:30:45.5Z", "2024-03-10T12:30:45.123456789Z", "2024-03-10T12:30:45+02:00",
    "2024-03-10T12:30:45+0200", "2024-03-10T12:30:45.25+02:00", "2024-03-10T12:30:45.25-0530", "2024-03-10T12:30:45-05:30",
    "2024-03-10T12:30:45", "2024-03-10T12:30", "2024-03-10T12", "2024-03-10", "2024-03", "2024", "2024-W10", "2024-W10-3",
    "2020-W53-7", "2021-W01", "2024-070", "2024-366", "20240310", "2024-02-29", "1970-01-01T00:00:00Z",
]
LAGGED = []
for text in FORMS:
    for name, initial in (("max", None), ("min", None), ("max", "1900-01-01"), ("min", "2900-01-01"), ("max", "1900-01-01T00:00:00Z"), ("min", "2900-01-01T00:00:00Z")):
        for lag in (1, 90, -90, 86400, 2.5):
            LAGGED.append({"func": name, "initial": initial, "value": text, "lag": lag, "result": apply_lag(lag, initial, text, FUNCTIONS[name])})
for value, lag in ((10, 3), (10.5, 2.5), (-10, 3), (2**60, 7)):
    for name in ("max", "min"):
        LAGGED.append({"func": name, "initial": None, "value": value, "lag": lag, "result": apply_lag(lag, None, value, FUNCTIONS[name])})
for value, lag in ((START, 90), (START, 0.5), (START.replace(tzinfo=None), 90), (START.date(), 3), (START.date(), 1.5)):
    for name in ("max", "min"):
        LAGGED.append({"func": name, "initial": None, "value": value, "lag": lag, "result": apply_lag(lag, None, value, FUNCTIONS[name])})

# One row at the last value at most: the reference system stores several hashes in no order of its own.
STATES = [
    ("text", [[{"id": 1, "at": "2024-01-02T00:00:00Z"}], [{"id": 2, "at": "2024-01-03T00:00:00Z"}]], {"cursor_path": "at", "initial_value": "2024-01-01T00:00:00Z"}),
    ("numbers", [[{"id": 1, "at": 5}], [{"id": 1, "at": 5}]], {"cursor_path": "at"}),
    ("fractions", [[{"id": 1, "at": 0.25}], [{"id": 2, "at": 1.5}]], {"cursor_path": "at", "initial_value": 0.125}),
    ("large", [[{"id": 1, "at": 2**60}], [{"id": 2, "at": 2**60 + 1}]], {"cursor_path": "at"}),
    ("decimals", [[{"id": 1, "at": Decimal("1.10")}], [{"id": 2, "at": Decimal("2.20")}]], {"cursor_path": "at"}),
    ("instants", [[{"id": 1, "at": START}], [{"id": 2, "at": START + timedelta(microseconds=1)}]], {"cursor_path": "at", "initial_value": START - timedelta(days=1)}),
    ("clocks", [[{"id": 1, "at": KINDS["naive"][0]}], [{"id": 2, "at": KINDS["naive"][1]}]], {"cursor_path": "at"}),
    ("dates", [[{"id": 1, "at": KINDS["date"][0]}], [{"id": 2, "at": KINDS["date"][1]}]], {"cursor_path": "at"}),
    ("lag", [[{"id": 1, "at": START}], [{"id": 2, "at": START + timedelta(hours=1)}]], {"cursor_path": "at", "lag": 60, "initial_value": START}),
    ("path", [[{"id": 1, "a": {"at": 1}}], [{"id": 2, "a": {"at": 2}}]], {"cursor_path": "$.a.at"}),
    ("nothing", [[], []], {"cursor_path": "at", "initial_value": 5}),
    ("range", [[{"id": 1, "at": 1}], [{"id": 2, "at": 2}]], {"cursor_path": "at", "initial_value": 1, "end_value": 2}),
    ("null", [[{"id": 1, "at": None}], [{"id": 2, "at": 2}]], {"cursor_path": "at", "on_cursor_value_missing": "include"}),
]


def record_state(name, runs, options):
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("recorded", pipelines_dir=folder)
        for rows in runs:

            def read(cursor=dlt.sources.incremental(**options)):
                yield rows

            pipeline.extract(dlt.resource(read, name="items", primary_key="id"))
        # After extract, only the source's own schema has a state.
        state = pipeline.state.get("sources", {}).get(pipeline.default_schema_name)
        return {"name": name, "runs": runs, "options": options, "state": None if state is None else json.typed_dumps(state)}


def write(name, blocks):
    os.makedirs(os.path.join(HERE, "recorded"), exist_ok=True)
    with open(os.path.join(HERE, "recorded", name), "w", encoding="utf-8") as file:
        texts = {key: ",\n".join(json.typed_dumps(entry) for entry in entries) for key, entries in blocks.items()}
        file.write("{" + ",".join(f'"{key}":[\n{text}\n]' for key, text in texts.items()) + "}\n")


if "states" not in sys.argv:
    write("sequences.json", {"sequences": [record(sequence) for sequence in SEQUENCES], "lags": LAGGED})
write("states.json", {"states": [record_state(*state) for state in STATES]})
