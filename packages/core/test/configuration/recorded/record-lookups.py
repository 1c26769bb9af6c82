"""Records which keys Python dlt looks up, in order, for specs of several shapes.

Run: python record-lookups.py > lookups.json
"""

import dataclasses
import json
import os
import tempfile
from typing import ClassVar, Optional, Union

folder = tempfile.mkdtemp()
os.chdir(folder)
os.mkdir(".dlt")
# Empty providers are not asked.
for name in ("secrets", "config"):
    with open(f".dlt/{name}.toml", "w", encoding="utf-8") as file:
        file.write("unrelated = 1\n")

from dlt.common.configuration import configspec, resolve
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.common.configuration.specs import (
    BaseConfiguration,
    ConnectionStringCredentials,
    GcpOAuthCredentialsWithoutDefaults,
    GcpServiceAccountCredentialsWithoutDefaults,
)
from dlt.common.configuration.specs.config_section_context import ConfigSectionContext
from dlt.common.typing import TSecretStrValue

lookups = []
single = resolve.resolve_single_provider_value


def recorded(provider, *args, **kwargs):
    value, traces = single(provider, *args, **kwargs)
    lookups.extend((trace.provider, trace.key) for trace in traces)
    return value, traces


resolve.resolve_single_provider_value = recorded


@configspec
class Secret(BaseConfiguration):
    api_key: TSecretStrValue = None


@configspec
class Plain(BaseConfiguration):
    org: str = None


@configspec
class Inner(BaseConfiguration):
    host: str = None
    token: TSecretStrValue = None


@configspec
class Outer(BaseConfiguration):
    server: Inner = None


@configspec
class OptionalOuter(BaseConfiguration):
    server: Optional[Inner] = None


@configspec
class Deepest(BaseConfiguration):
    outer: Outer = None


@configspec
class Hidden(BaseConfiguration):
    _server: Inner = None


@configspec
class InSection(BaseConfiguration):
    log_level: str = None
    server: Inner = None
    __section__: ClassVar[str] = "runtime"


@configspec
class Postgres(ConnectionStringCredentials):
    drivername: str = dataclasses.field(default="postgresql", init=False)
    database: str = None
    password: TSecretStrValue = None


@configspec
class Client(BaseConfiguration):
    credentials: Postgres = None
    create_indexes: bool = None


Google = Union[GcpServiceAccountCredentialsWithoutDefaults, GcpOAuthCredentialsWithoutDefaults]


@configspec
class GoogleClient(BaseConfiguration):
    credentials: Google = None


shapes = [
    ("secret of a source", Secret, ("sources", "mymod", "mysrc"), None, {}),
    ("value of a source", Plain, ("sources", "mymod", "mysrc"), None, {}),
    ("source named like its section", Plain, ("sources", "github", "github"), None, {}),
    ("secret with a pipeline", Secret, ("sources", "mymod", "mysrc"), "pp", {}),
    ("value with a pipeline", Plain, ("sources", "mymod", "mysrc"), "pp", {}),
    ("no sections", Plain, (), None, {}),
    ("two sections", Plain, ("sources", "mymod"), None, {}),
    ("embedded", Outer, ("sources", "mymod", "mysrc"), None, {}),
    ("embedded without sections", Outer, (), None, {}),
    ("embedded, optional", OptionalOuter, ("sources", "mymod", "mysrc"), None, {}),
    ("embedded twice", Deepest, ("sources", "mymod", "mysrc"), None, {}),
    ("embedded with a pipeline", Outer, ("sources", "mymod", "mysrc"), "pp", {}),
    ("embedded under a hidden name", Hidden, ("sources", "mymod", "mysrc"), None, {}),
    ("config with a section of its own", InSection, (), None, {}),
    ("config with a section of its own, in sections", InSection, ("destination", "files"), None, {}),
    ("destination", Client, ("destination", "postgres"), None, {}),
    ("credentials of a source", Client, ("sources", "mymod", "mysrc"), None, {}),
    (
        "credentials as text, in part",
        Client,
        ("destination", "postgres"),
        None,
        {"DESTINATION__CREDENTIALS": "postgresql://loader@localhost/data"},
    ),
    ("union of credentials", GoogleClient, ("destination", "bigquery"), None, {}),
]

with resolve.inject_section(ConfigSectionContext()):
    resolve.resolve_configuration(Plain(org="x"))  # the first resolution also sets up the providers

recordings = []
for name, spec, sections, pipeline, environment in shapes:
    lookups.clear()
    os.environ.update(environment)
    try:
        with resolve.inject_section(ConfigSectionContext(pipeline_name=pipeline)):
            resolve.resolve_configuration(spec(), sections=sections)
    except ConfigFieldMissingException:
        pass
    for key in environment:
        del os.environ[key]
    recordings.append({
        "name": name,
        "sections": list(sections),
        "pipeline": pipeline,
        "environment": environment,
        "lookups": [list(lookup) for lookup in lookups],
    })

print(json.dumps(recordings, indent=1))
