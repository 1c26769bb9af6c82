"""Records what Python dlt does into reference-cases.json, for the tests beside it.

    pip install "dlt[duckdb]==1.31.0"
    python record_reference.py

The tests need no Python. Large samples for a search for differences: `python record_reference.py --scale 50 --seed 7 --out cases.json`.
"""

import argparse
import datetime
import json
import math
import os
import random
import struct

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")

import yaml
from decimal import Decimal

from dlt.common.configuration.container import Container
from dlt.common.data_types.type_helpers import coerce_value
from dlt.common.destination.capabilities import DestinationCapabilitiesContext
from dlt.common.json import json as dlt_json
from dlt.common.normalizers.naming import direct, duck_case, s3_tables, snake_case, sql_ci_v1, sql_cs_v1
from dlt.common.schema import Schema, detections, utils
from dlt.common.time import normalize_timezone
from dlt.destinations import duckdb

arguments = argparse.ArgumentParser()
arguments.add_argument("--scale", type=float, default=1)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--out", default=os.path.join(os.path.dirname(__file__), "reference-cases.json"))
options = arguments.parse_args()
random.seed(options.seed)


def times(count):
    return range(int(count * options.scale))


def mutate(text, alphabet):
    text = list(text)
    for _ in range(random.choice([0, 1, 1, 1, 2, 3])):
        position = random.randrange(len(text) + 1)
        action = random.random()
        if action < 0.35 and text:
            text.pop(min(position, len(text) - 1))
        elif action < 0.7 and text:
            text[min(position, len(text) - 1)] = random.choice(alphabet)
        elif action < 0.9:
            text.insert(position, random.choice(alphabet))
        else:
            text = text[:position]
    return "".join(text)


# names

conventions = {
    "snake_case": snake_case,
    "sql_cs_v1": sql_cs_v1,
    "sql_ci_v1": sql_ci_v1,
    "direct": direct,
    "duck_case": duck_case,
    "s3_tables": s3_tables,
}
letters = list("aabcXYZzAB019__  -+*@|'\"\n\r▶.,:/\\%$#éżİßΣ日本😀٣²①\u00a0\u0085\u001c\ufeff\u2003ﬁ")
letters += ["__", "___", "HTTP", "Id"]


def attempt(function, *values):
    try:
        return function(*values)
    except ValueError:
        return None


def naming_cases():
    for _ in times(300):
        name = random.choice(list(conventions))
        max_length = random.choice([None, None, 6, 7, 8, 12, 20, 63])
        convention = conventions[name].NamingConvention(max_length)
        text = "".join(random.choice(letters) for _ in range(random.choice([3, 6, 10, 40])))
        yield {
            "convention": name,
            "maxLength": max_length,
            "text": text,
            "identifier": attempt(convention.normalize_identifier, text),
            "tableIdentifier": attempt(convention.normalize_table_identifier, text),
            "path": attempt(convention.normalize_path, text),
            "tablesPath": attempt(convention.normalize_tables_path, text),
        }


# values

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def microseconds(moment):
    delta = moment - EPOCH
    return (delta.days * 86400 + delta.seconds) * 10**6 + delta.microseconds


def portable(data_type, value):
    """A coerced value in a form that JSON can hold and both sides can make."""
    if data_type == "timestamp":
        return str(microseconds(normalize_timezone(value, True, datetime.timezone.utc)))
    if data_type == "date":
        return (value - datetime.date(1970, 1, 1)).days
    if data_type == "time":
        return str(((value.hour * 60 + value.minute) * 60 + value.second) * 10**6 + value.microsecond)
    if data_type == "binary":
        return value.hex()
    if data_type in ("decimal", "wei", "bigint"):
        return str(value)
    if data_type == "double":
        return repr(float(value))
    if data_type == "json":
        return dlt_json.dumps(value)
    return value


def coerced(to_type, from_type, value):
    """[value], or [] where the reference refuses it."""
    try:
        return [portable(to_type, coerce_value(to_type, from_type, value))]
    except Exception:
        return []


iso_texts = (
    "2022-06-01T00:48:35.040Z|2022-06-01 00:48:35+02:00|20220601T004835Z|2022-152T10:00:00|2022152T1000|2022-W22-3T00:48:35Z"
    "|2022W223T004835|2022-06|2022-06-01|20220601|2022|2022/06/01 10:00:00.5|12:34:56.789|T1234|T12:34:56|12:34:56+02:00"
    "|2022-06-01T10|1651125725.5|0001-01-01T00:00:00Z|9999-12-31T23:59:59.999999Z|2020-02-29T23:59:59,5-0130|0000-01-01"
    "|2022:06:01 1:2:3|2020-W53-7|2021-W01-1T00|2022-06-01T00:48:35.1234567+00|1e9|12.5|2022-06-01T24:00|2022-06-01t10:00"
    "|2022-06-01T10:00z|2022-06-01T10:00:60|2022-06-01 00:48:35 +00:00| 2022-06-01T10:00|2022-6-1T10:00|P1D|a/b|٢٠٢٢/06/01"
).split("|")


def iso_cases():
    for text in iso_texts + [mutate(random.choice(iso_texts), "0123456789-:/TZW+., |P") for _ in times(400)]:
        timestamp = detections.is_iso_timestamp(str, text)
        yield {
            "text": text,
            "detected": timestamp or detections.is_iso_date(str, text),
            "timestamp": coerced("timestamp", "text", text),
            "date": coerced("date", "text", text),
            "time": coerced("time", "text", text),
        }


number_texts = (
    "1|-1|0|+5|1.0|1e3|1_000|0x1f|0X1f|0x|0x-1f| 12 |٣|1.5|-0|-0.0|00.10|1e22|1E-7|0.000001|0.0000001|inf|nan|-Infinity|1_0.5"
    "|1,5||abc|True|yes|T|NO|1__0|_1|1_|0x1_f|5.|.|.5|1e|e5|9223372036854775807|-9223372036854775808|1e400|١٫٥|1.10|1E+2"
    "|123456789012345678901234567890.123456789|0e5|0E-10|\u00a07\u2003|0x0x1f|1e+5|1e 5|--1|1.e5|0_0|00|007|YWI=|YWI|YW==|YWJj"
    "|====|Y===|YWI=YWI=|YW I=|0x00ff|0xZZ|0x0|0x 00 ff|0x00\tFF|é|YR=="
).split("|")
json_texts = [
    '{"a": 1}', "[1, 2.0, 3e5]", '{"b":{"c":[true,false,null]},"a":"x\\u00e9\\n"}', '"x"', "12", "1.50", "-0", "-0.0", "[1,]",
    '{"a":1,"a":2}', "[123456789012345678901234567890, -5, 18446744073709551615,18446744073709551616]", "nul", "  [ ] ", '{"":0}',
    "[1e400]", "01", "+1", ".5", "1.", "[NaN]", '"\\ud83d\\ude00"', '"\\ud800"', '{"1":1,"0":2}', '{"__proto__":1}', '"\\/"', '"\t"',
    "\ufeff1", "1 2", "[1e-7,1E5,1e16]", '{"a":}', "[", '{"a" 1}', "",
]


def text_cases():
    texts = number_texts + [mutate(random.choice(number_texts), "0123456789._eE+-x ") for _ in times(150)]
    for text in texts:
        yield text, ["bigint", "double", "decimal", "wei", "bool", "binary"]
    texts = json_texts + [mutate(random.choice(json_texts), '{}[]",:0123456789.eE-+ \\u') for _ in times(100)]
    for text in texts:
        yield text, ["json"]


def random_double():
    chance = random.random()
    if chance < 0.3:
        return struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0]
    if chance < 0.7:
        return random.uniform(-1, 1) * 10 ** random.randint(-10, 20)
    if chance < 0.9:
        return float(random.randint(-(10**6), 10**6))
    return round(random.uniform(-1e10, 1e10), random.randint(0, 7))


known_doubles = [1e15, 1e16, 1e17, 1e21, 1e22, 1e-4, 1e-5, 1e-6, 1e-7, 0.0, -0.0, 1.5, 0.5, 2.5, 1e308, 5e-324, 9007199254740993.0]
known_doubles += [1.7976931348623157e308, 1651125725.1234565, -1.5, 253402300799.9999999, 0.1, 123456789012345680.0]
known_integers = [0, 1, -1, 1025, 2**63 - 1, -(2**63), 2**53 + 1, 1651125725, 253402300799, 253402300800, -62135596800, 255, 256]
known_decimals = ["1.10", "1E+2", "0E-10", "0.000001", "1E-7", "-0", "123.000", "1.5", "9223372036854775807", "-0.00", "12345678901234567890.5"]


def value_cases():
    for text, targets in text_cases():
        yield "text", text, text, targets
    for value in known_doubles + [random_double() for _ in times(80)]:
        if math.isfinite(value):
            yield "double", value, repr(value), ["text", "bigint", "decimal", "wei", "bool", "timestamp", "date"]
    for value in known_integers + [random.randint(-(10**11), 10**12) for _ in times(20)]:
        yield "bigint", value, str(value), ["text", "double", "decimal", "wei", "bool", "timestamp", "date", "binary"]
    for text in known_decimals + [f"{random.randint(-(10**12), 10**12)}E{random.randint(-20, 8)}" for _ in times(30)]:
        yield "decimal", Decimal(text), str(Decimal(text)), ["text", "bigint", "double", "wei", "bool"]


def coercion_cases():
    for from_type, value, text, targets in value_cases():
        yield {"from": from_type, "value": text, "to": {target: coerced(target, from_type, value) for target in targets}}


def float_cases():
    for value in known_doubles + [random_double() for _ in times(80)]:
        if math.isfinite(value):
            yield {"value": repr(value), "json": dlt_json.dumps(value)}


# schemas; documents are recorded as texts, because the order of keys counts

types = ["text", "bigint", "double", "timestamp", "json"]
flags = ["primary_key", "merge_key", "unique", "cluster", "partition", "incremental", "root_key", "row_key", "x-custom", "variant"]


def random_column(name):
    column = {"name": name}
    if random.random() < 0.7:
        column["data_type"] = random.choice(types)
    if random.random() < 0.6:
        column["nullable"] = random.random() < 0.5
    for flag in random.sample(flags, random.choice([0, 0, 1, 2])):
        column[flag] = random.random() < 0.8
    if name.isdigit():
        # Such a name would become a key of the propagation rules, where the order of keys like "1" is not kept here.
        column.pop("row_key", None)
    return column


def random_table(names):
    name = random.choice(names)
    columns = [random_column(column) for column in random.sample(["id", "a", "b", "c", "1", "0"], random.randint(0, 4))]
    parent = name.rpartition("__")[0] or None
    table = utils.new_table(name, parent, columns=columns, write_disposition=None if parent else random.choice(["append", "merge", "replace"]))
    if not parent and random.random() < 0.3:
        table["x-merge-strategy"] = random.choice(["scd2", "upsert", "delete-insert"])
    if random.random() < 0.3:
        table["references"] = [{"columns": ["a"], "referenced_table": random.choice(["r", "s"]), "referenced_columns": [random.choice(["x", "y"])]}]
    return table


def text_of(value):
    return json.dumps(value, ensure_ascii=False)


def evolution_cases():
    for index in times(30):
        naming = random.choice(["snake_case", "direct", "sql_cs_v1"])
        json_normalizer = {"module": "dlt.common.normalizers.json.relational"}
        if random.random() < 0.2:
            json_normalizer["config"] = {"root_key_propagation": random.random() < 0.5}
        schema = Schema(f"s{index}", normalizers={"names": naming, "json": json_normalizer})
        names = ["t", "u", "t__l", "t__l__m", "u__k"]
        steps = []
        schema._bump_version()
        start_text = text_of(schema.to_dict())
        for _ in range(6):
            table = random_table(names)
            merge = random.random() < 0.7
            step = {"table": text_of(table), "mergeCompoundProperties": merge}
            try:
                schema.update_table(json.loads(text_of(table)), normalize_identifiers=False, merge_compound_props=merge)
                schema._bump_version()
                step["hash"] = schema.stored_version_hash
            except Exception as error:
                step["error"] = type(error).__name__
            steps.append(step)
        yield {"start": start_text, "steps": steps, "document": text_of(schema.to_dict())}


def merge_cases():
    for index in times(12):
        first, second = Schema("one"), Schema("one")
        for schema in (first, second):
            for _ in range(3):
                try:
                    schema.update_table(random_table(["t", "u", "t__l", "Mixed Case"]))
                except Exception:
                    pass
        if random.random() < 0.5:
            second.set_schema_contract("freeze")
        if random.random() < 0.5:
            second.update_preferred_types({"re:^a": "double"})
        first._bump_version()
        second._bump_version()
        texts = text_of(first.to_dict()), text_of(second.to_dict())
        try:
            first.update_schema(second)
            yield {"first": texts[0], "second": texts[1], "document": text_of(first.to_dict())}
        except Exception as error:
            yield {"first": texts[0], "second": texts[1], "error": type(error).__name__}


old_columns = {
    "id": {"name": "id", "data_type": "bigint", "nullable": True, "primary_key": True},
    "deep": {"name": "deep", "data_type": "complex", "nullable": True},
    "_dlt_id": {"name": "_dlt_id", "data_type": "text", "nullable": False, "unique": True},
}
child_columns = {
    "value": {"name": "value", "data_type": "text", "nullable": True, "foreign_key": True},
    "_dlt_parent_id": {"name": "_dlt_parent_id", "data_type": "text", "nullable": False, "foreign_key": True},
    "_dlt_id": {"name": "_dlt_id", "data_type": "text", "nullable": False, "unique": True},
}
old_system = {
    "_dlt_version": {"version": {"name": "version", "data_type": "bigint", "nullable": False}},
    "_dlt_loads": {"load_id": {"name": "load_id", "data_type": "text", "nullable": False}},
}


def old_document(engine):
    """A document of an older engine version; engines 1 and 2 had tables as bare columns."""
    document = {"version": 3, "name": "old", "engine_version": engine}
    if engine <= 2:
        document["tables"] = {**old_system, "event": old_columns, "event__list": child_columns, "event__gone__list": child_columns}
        document["hints"] = {"not_null": ["^_dlt_id$"], "foreign_key": ["^_dlt_parent_id$"], "unique": ["^_dlt_id$"]}
        document["preferred_types"] = {"^id$": "bigint", "deep$": "complex"}
        if engine == 2:
            document["excludes"] = ["^event__skip", "^other__x"]
            document["includes"] = ["^event__skip__keep"]
        return json.loads(json.dumps(document))
    columns = json.loads(json.dumps(old_columns))
    if engine >= 8:
        columns["nothing"] = {"name": "nothing", "nullable": True, "x-normalizer": {"seen-null-first": True}}
        columns["something"] = {"name": "something", "data_type": "text", "x-normalizer": {"seen-null-first": True}}
    if engine >= 10:
        columns["deep"]["data_type"] = "json"
        columns["_dlt_id"]["row_key"] = True
    children = json.loads(json.dumps(child_columns))
    if engine >= 10:
        children["value"].pop("foreign_key")
        children["_dlt_parent_id"].pop("foreign_key")
    tables = {name: {"name": name, "columns": columns_, "write_disposition": "skip"} for name, columns_ in old_system.items()}
    tables["event"] = {"name": "event", "columns": columns, "write_disposition": "append"}
    tables["event__list"] = {"name": "event__list", "columns": children, "parent": "event"}
    document["tables"] = tables
    document["settings"] = {
        "detections": ["timestamp", "iso_timestamp"],
        "default_hints": {"not_null": ["_dlt_id"], "unique": ["_dlt_id"]},
        "preferred_types": {"re:deep$": "json" if engine >= 10 else "complex"},
    }
    if engine < 10:
        document["settings"]["default_hints"]["foreign_key"] = ["_dlt_parent_id"]
    config = {"propagation": {"root": {"_dlt_id": "_dlt_root_id"}}}
    if engine < 10:
        config["generate_dlt_id"] = True
    document["normalizers"] = {"names": "snake_case", "json": {"module": "dlt.common.normalizers.json.relational", "config": config}}
    if engine >= 4:
        document["version_hash"] = "old hash"
    if engine <= 6:
        document["settings"]["schema_sealed"] = True
        tables["event"]["table_sealed"] = True
    if engine >= 8:
        document["previous_hashes"] = ["older hash"]
    return document


def migration_cases():
    for engine in range(1, 12):
        document = old_document(engine)
        text = text_of(document)
        schema = Schema.from_dict(document)
        yield {"engine": engine, "document": text, "migrated": text_of(schema.to_dict())}


words = ["Numeric version of the schema", "yes", "No", "on", "~", "null", "1", "1.5", "0x1f", "1_000", "1:30", "2024-01-01", "a: b"]
words += ["a #b", "- x", "x:", "#c", "", " lead", "trail ", "it's", 'say "hi"', "line\nbreak", "tab\tx", "日本語", "emoji😀", "re:^a.*$"]
words += ["*star", "&amp", "!bang", "%p", "@at", "`tick", "{x", "[y", "1e3", ".5", "=", "<<", "---", "x" * 90, "word " * 30, "\x07bell"]
words += ["017", "-", "?", ":", "y", "a\n\nb\n", "é" * 50, "1.e5", "::", "7rrLHV6HlNNt87Iow3579/TL4v1jEGnekjvZAegpr34="]


def random_text():
    return " ".join(random.choice(words) for _ in range(random.choice([1, 1, 1, 2, 8])))


def random_value(depth):
    chance = random.random()
    if depth > 3 or chance < 0.5:
        return random_text()
    if chance < 0.6:
        return random.choice([True, False, None, 0, 1, -5, 64, 10**20, 1.5, 1.5e20, 1e-7])
    if chance < 0.75:
        return [random_value(depth + 1) for _ in range(random.randint(0, 3))]
    return {random_text(): random_value(depth + 1) for _ in range(random.randint(0, 4))}


def yaml_cases():
    for _ in times(60):
        value = {random_text(): random_value(0) for _ in range(random.randint(1, 3))}
        text = yaml.dump(value, allow_unicode=True, default_flow_style=False, sort_keys=False)
        yield {"value": text_of(value), "yaml": text}


def export_cases():
    schema = Schema("event")
    schema._bump_version()
    yield {"document": text_of(schema.to_dict()), "yaml": schema.to_pretty_yaml(), "json": schema.to_pretty_json()}
    columns = [
        {"name": "1", "data_type": "bigint", "nullable": False, "primary_key": True},
        {"name": "0", "data_type": "text", "x-normalizer": {"kept": 1}},
        {"name": "hint", "x-hint": {"a": [1, "yes"]}},
    ]
    schema.update_table(utils.new_table("items", columns=columns, write_disposition="merge"))
    schema.tables["items"]["x-normalizer"] = {"seen-data": True}
    schema._imported_version_hash = "imported"
    schema._schema_description = "What happens: everything"
    schema._bump_version()
    yield {
        "document": text_of(schema.to_dict()),
        "yaml": schema.to_pretty_yaml(remove_processing_hints=True),
        "json": schema.to_pretty_json(remove_processing_hints=True),
    }


# With a destination's capabilities, as in a pipeline: without them no merge strategy is known, and no root key propagated.
Container()[DestinationCapabilitiesContext] = duckdb().capabilities()

recorded = {
    "naming": list(naming_cases()),
    "iso": list(iso_cases()),
    "coercion": list(coercion_cases()),
    "floats": list(float_cases()),
    "evolution": list(evolution_cases()),
    "merges": list(merge_cases()),
    "migrations": list(migration_cases()),
    "yaml": list(yaml_cases()),
    "exports": list(export_cases()),
}
with open(options.out, "w", encoding="utf-8") as file:
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in recorded.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
