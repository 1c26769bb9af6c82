"""Records what Python dlt makes of text in the environment, by the type that is asked for.

Run: python record-values.py > values.json
"""

import datetime
import json
import os
import tempfile
from typing import Any, Dict, List, Literal

os.chdir(tempfile.mkdtemp())

from dlt.common.configuration import configspec, resolve_configuration
from dlt.common.configuration.specs import BaseConfiguration


@configspec
class Text(BaseConfiguration):
    value: str = None


@configspec
class Boolean(BaseConfiguration):
    value: bool = None


@configspec
class Integer(BaseConfiguration):
    value: int = None


@configspec
class Number(BaseConfiguration):
    value: float = None


@configspec
class Items(BaseConfiguration):
    value: List[Any] = None


@configspec
class Record(BaseConfiguration):
    value: Dict[str, Any] = None


@configspec
class Moment(BaseConfiguration):
    value: datetime.datetime = None


@configspec
class Option(BaseConfiguration):
    value: Literal["a", "B"] = None


specs = {
    "text": Text, "boolean": Boolean, "integer": Integer, "number": Number, "list": Items, "record": Record,
    "date": Moment, "options": Option,
}
texts = [
    "", " ", "a", "B", "b", "true", "True", "TRUE", "tRuE", " true", "yes", "y", "t", "on", "1", "0", "-1", "no", "n", "f", "false",
    "off", "2", "12", " 12 ", "+5", "-0", "1_000", "1__0", "_1", "0x1f", "0X1F", "0xzz", "-0x10", "1.0", "1.5", ".5", "5.", "1e3",
    "1E-3", "1,5", "1_0.5", "0b11", "0o7", "9007199254740993", "9223372036854775807", "nan", "inf", "-inf", "Infinity", "null", "None",
    "[]", "[1, \"a\"]", "[1,", "(1, 2)", "{}", "{\"a\": {\"b\": [1]}}", "{'a': 1}", "\"x\"", "2024-01-31", "2024-01-31T10:00:00Z",
    "2024-01-31T10:00:00+02:00", "2024-01-31 10:00:00", "2024-01-31T10:00:00.123456Z", "2024-02-30", "20240131", "10:00:00", "2024/01/31",
    "tomorrow", "\u0663", "ä",
]


def plain(value):
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value


recordings = []
for name, spec in specs.items():
    for text in texts:
        os.environ["VALUE"] = text
        try:
            recordings.append({"type": name, "text": text, "value": plain(resolve_configuration(spec()).value)})
        except Exception:
            recordings.append({"type": name, "text": text, "refused": True})

print("[\n" + ",\n".join(json.dumps(recording) for recording in recordings) + "\n]")
