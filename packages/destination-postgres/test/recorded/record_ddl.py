"""Records DDL and column types of Python dlt for Postgres: python record_ddl.py > ddl.json (needs "dlt[postgres]==1.31.0")."""

import copy
import json

from dlt.common.schema import Schema
from dlt.common.schema.utils import new_table
from dlt.destinations import postgres
from dlt.destinations.impl.postgres.configuration import PostgresClientConfiguration, PostgresCredentials

COLUMNS = [
    {"name": "id", "data_type": "bigint", "nullable": False, "primary_key": True, "unique": True},
    {"name": "txt", "data_type": "text", "precision": 20},
    {"name": "dbl", "data_type": "double", "sort": True},
    {"name": "flag", "data_type": "bool"},
    {"name": "ts", "data_type": "timestamp", "partition": True, "cluster": True},
    {"name": "ts_n", "data_type": "timestamp", "timezone": False, "precision": 3},
    {"name": "d", "data_type": "date"},
    {"name": "t", "data_type": "time"},
    {"name": "dec", "data_type": "decimal", "precision": 10, "scale": 2},
    {"name": "dec0", "data_type": "decimal"},
    {"name": "w", "data_type": "wei"},
    {"name": "b", "data_type": "binary"},
    {"name": "j", "data_type": "json"},
    {"name": "small", "data_type": "bigint", "precision": 16},
]
ADDED = [
    {"name": "newc", "data_type": "text", "nullable": True},
    {"name": "newd", "data_type": "bigint", "nullable": False},
]
TYPES = (
    [dict(data_type="bigint", precision=p) for p in (1, 8, 9, 16, 17, 32, 33, 64)]
    + [dict(data_type="timestamp", precision=p, timezone=False) for p in (0, 1, 3, 4, 6)]
    + [dict(data_type="timestamp", precision=p) for p in (0, 3, 6)]
    + [dict(data_type="timestamp", timezone=False), dict(data_type="timestamp", timezone=True)]
    + [dict(data_type="decimal", precision=10), dict(data_type="decimal", precision=5, scale=0)]
    + [dict(data_type="decimal", precision=38, scale=18), dict(data_type="wei", precision=20, scale=0)]
    + [dict(data_type="wei")]
    + [dict(data_type=t, precision=3) for t in ("text", "binary", "time", "double")]
)
REFUSED = [
    dict(data_type="bigint", precision=65, name="y"),
    dict(data_type="timestamp", precision=7, timezone=False, name="y"),
]


def client(create_indexes):
    factory = postgres(create_indexes=create_indexes)
    credentials = PostgresCredentials("postgresql://user:password@localhost/unused")
    config = PostgresClientConfiguration(credentials=credentials, create_indexes=create_indexes)
    return factory.client(Schema("ev"), config._bind_dataset_name("ds"))


def ddl(create_indexes):
    with_client = client(create_indexes)
    incomplete = [{"name": "incomplete", "nullable": True}]
    with_client.schema.update_table(new_table("ev_table", columns=copy.deepcopy(COLUMNS) + incomplete))
    columns = with_client.schema.tables["ev_table"]["columns"].values()
    complete = [column for column in columns if column.get("data_type")]
    return {
        "create": with_client._get_table_update_sql("ev_table", complete, False),
        "alter": with_client._get_table_update_sql("ev_table", copy.deepcopy(ADDED), True),
    }


def own_tables():
    with_client = client(True)
    tables = with_client.schema.tables
    return {
        name: with_client._get_table_update_sql(name, list(tables[name]["columns"].values()), False)
        for name in ("_dlt_version", "_dlt_loads")
    }


def types():
    mapper = client(False).type_mapper
    columns = [dict(column, name=f"x{index}") for index, column in enumerate(TYPES)] + REFUSED
    for column in columns:
        try:
            yield {"column": column, "type": mapper.to_destination_type(dict(column), {"name": "ev_table", "columns": {}})}
        except Exception as error:
            yield {"column": column, "error": type(error).__name__}


print(
    json.dumps(
        {
            "observed_with": "dlt 1.31.0",
            "default": ddl(True),
            "withoutIndexes": ddl(False),
            "tables": own_tables(),
            "types": list(types()),
        },
        indent=1,
        ensure_ascii=False,
    )
)
