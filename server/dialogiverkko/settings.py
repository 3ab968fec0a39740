"""One frozen Settings, from one table: the fields below.

Each field is a setting: its name, type, default and help. The environment variable is the name in
capitals behind ``DIALOGIVERKKO_``. ``serve --help`` and the README's table are made from the same fields.
"""

import json
import os
import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dialogiverkko.errors import UsageError
from dialogiverkko.namespaces import Language
from dialogiverkko.spelling import cut, nearest

_PREFIX: Final = "DIALOGIVERKKO_"
_ADDRESS: Final = r"https?://[^\s<>\"]+"
_SECRET: Final = re.compile(r"(?<=//)[^/@\s]+(?=@)")
"""The name and password that an address may hold."""


def _listed(value: object) -> object:
    """Read a list that the environment has, as JSON; raises ValueError where it is none."""
    wanted = 'a JSON list is wanted, such as ["https://query.wikidata.org/sparql"]'
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(wanted) from error
    if not isinstance(found, list | tuple) or not all(re.fullmatch(_ADDRESS, str(one)) for one in found):
        raise ValueError(wanted)
    return found


def _no_file(path: Path) -> Path:
    """Return the path of a folder, or of one that is not there yet; raises ValueError where a file is."""
    if path.exists() and not path.is_dir():
        raise ValueError("a folder is wanted, and this is none")
    return path


Folder = Annotated[Path, AfterValidator(_no_file)]


class Settings(BaseModel):
    """What can be set, once, at the start. Nothing reads the environment during a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    assets: Path | None = Field(default=None, description="folder that holds ontology/, data/, shapes/ and queries/")
    source_texts: Folder | None = Field(
        default=None, description="folder that holds the texts of sources, as {slug}.txt; outside the repository"
    )
    built: Folder | None = Field(
        default=None, description="folder of what was built; empty: build/graph beside the four folders"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=1, le=65535, description="port to listen on")
    base_address: str = Field(
        default="",
        pattern=r"^(https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~-]+)*/?)?$",
        description="public address of this copy, such as https://example.org or https://example.org/dialogues; "
        "empty: as requested",
    )
    backend: str = Field(
        default="embedded",
        pattern=rf"^(embedded|{_ADDRESS})$",
        description="embedded, or the address of a SPARQL 1.1 query endpoint",
    )
    backend_update: str = Field(default="", description="Graph Store Protocol address of a remote backend, for load")
    store: Folder | None = Field(
        default=None, description="folder of a disk store, made where it is empty; none: the graph lies in memory"
    )
    time_limit: float = Field(
        default=10.0, gt=0, allow_inf_nan=False, description="seconds that one query may run; a client may ask for less"
    )
    memory_limit: int = Field(default=536_870_912, gt=0, description="bytes that one worker may need beyond the graph")
    row_limit: int = Field(default=1_000_000, gt=0, description="rows (or triples) that one answer may hold")
    byte_limit: int = Field(default=134_217_728, gt=0, description="bytes that one answer may hold")
    query_length_limit: int = Field(default=200_000, gt=0, description="characters that one query may have")
    query_depth_limit: int = Field(default=100, gt=0, description="levels of nesting that one query may have")
    processes: int = Field(
        default=0,
        ge=0,
        le=64,
        description="processes that speak HTTP, each with workers of its own; 0: one for each core",
    )
    workers: int = Field(
        default=12,
        ge=1,
        le=60,
        description="requests that one of these answers at the same time, each in a worker; more than cores, since "
        "a slow query yields to the quick ones",
    )
    memory_budget: int = Field(
        default=0,
        ge=0,
        description="bytes that all workers may keep for themselves between answers, beside what they share; "
        "0: half of the machine's",
    )
    queue: int = Field(default=64, ge=0, description="requests that may wait for a worker; one more is answered 503")
    service_allow: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        default=(), description="addresses that SERVICE may call; empty: none"
    )
    cache_bytes: int = Field(
        default=67_108_864, ge=0, description="bytes of answers kept by each process; 0 keeps none"
    )
    log_queries: bool = Field(default=False, description="write the text of queries into the log")
    default_language: Language = Field(
        default="fi", description="language of pages where a visitor states none: fi, sv or en"
    )
    contact: str = Field(
        default="",
        pattern=r"^(https://[^\s<>\"]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})?$",
        description="where those who know more write to: an e-mail address or an https address; empty: none is shown",
    )
    repository: str = Field(
        default="",
        pattern=r"^(https://[^\s<>\"?#]+)?$",
        description="https address of the repository that takes proposals; empty: none is shown",
    )
    trusted_hops: int = Field(
        default=0,
        ge=0,
        le=10,
        description="reverse proxies in front of this copy whose X-Forwarded headers are believed; 0: none",
    )


def read_settings(**given: object) -> Settings:
    """Read the environment, over which lies what a command was given; a UsageError names what is wrong.

    An empty variable is one that is not set, as of programs that pass all variables on.
    """
    said = {name: value for name, variable in _variables().items() if (value := os.environ.get(variable))}
    try:
        return Settings.model_validate(said | given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        told = f"--{name}" if name in given else _variables()[name]
        is_pattern = first["type"] == "string_pattern_mismatch"  # a regular expression helps nobody
        reason = "it is not of that form" if is_pattern else first["msg"].removeprefix("Value error, ")
        given_as = cut(_SECRET.sub("…", str(first["input"])))
        meaning = Settings.model_fields[name].description if name in Settings.model_fields else ""
        raise UsageError(f"{told}: {reason} ('{given_as}' was given). Meaning: {meaning}.") from error


def _variables() -> dict[str, str]:
    """Return the environment variable of each setting."""
    return {name: f"{_PREFIX}{name}".upper() for name in Settings.model_fields}


def unknown_variables() -> list[str]:
    """List each variable of the environment that is called as a setting and is none, with the nearest."""
    known = list(_variables().values())
    unknown = sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known)
    return [
        f"{name} is no setting, and changes nothing here. The nearest is {nearest(name, known, 0.0)}."
        for name in unknown
    ]


def setting_rows() -> list[tuple[str, str, str]]:
    """Return the environment variable, default and help of each setting, in the order of the fields."""
    variables = _variables()
    return [
        (variables[name], _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _shown(default: object) -> str:
    """Write a default as one would give it in the environment."""
    if default is None or default == "":
        return ""
    if isinstance(default, tuple):
        return json.dumps(list(default))
    return str(default).lower() if isinstance(default, bool) else str(default)


def settings_table() -> str:
    """Write the settings as a Markdown table."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, default, meaning in setting_rows():
        lines.append(f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |")
    return "\n".join(lines) + "\n"
