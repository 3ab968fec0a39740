"""The map of a table (map.yaml): which tables there are, and what each of their columns means."""

from pathlib import Path, PurePath
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.graph.source.reading import New
from dialogiverkko.graph.tables.files import tidy_title
from dialogiverkko.graph.tables.meanings import MEANINGS, Meaning, RowKind
from dialogiverkko.namespaces import Language


class MapError(DialogiverkkoError):
    """A map says something that no table can mean."""

    code = "bad-map"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """What one column means; in short form its meaning alone: ``begin: time``."""

    means: str = Field(description="a meaning of the row's kind, or «ignore»")
    language: Language | None = Field(None, description="the language of a name")
    role: str | None = Field(None, description="the role of the parties in the column")
    unit: str | None = Field(None, description="what a count counts")
    separator: str = Field("", description="what parts the values of one cell, such as ;")
    values: dict[str, str | list[str]] = Field(default_factory=dict, description="what a cell's word means, by name")
    required: bool = Field(False, description="whether an empty cell is a fault")


def _column(value: object) -> object:
    """Take the short form: «name fi», «party organiser», «count participant»."""
    if not isinstance(value, str):
        return value
    words = value.split()
    column: dict[str, object] = {"means": words[0] if words else ""}
    if len(words) > 1:
        key = {"name": "language", "about": "language", "party": "role", "count": "unit"}.get(words[0], "language")
        column[key] = " ".join(words[1:])
    return column


def _titles(columns: object) -> object:
    """Take the titles of columns as they are read, with plain single spaces."""
    return (
        {tidy_title(str(title)): column for title, column in columns.items()} if isinstance(columns, dict) else columns
    )


class Table(_Strict):
    """One table: its file (or its sheet in a book), what a row is, and what each column means."""

    file: str = Field(description="the file's name beside the map")
    sheet: str = Field("", description="the sheet of a book; empty: the first")
    row: RowKind
    optional: bool = Field(False, description="whether the sheet or file may be missing")
    only: dict[str, str] = Field(default_factory=dict, description="take only rows whose column holds this")
    columns: Annotated[dict[str, Annotated[Column, BeforeValidator(_column)]], BeforeValidator(_titles)]

    @model_validator(mode="after")
    def _meanings_exist(self) -> "Table":
        known = MEANINGS[self.row]
        for name, column in self.columns.items():
            if column.means == "ignore":
                continue
            if column.means not in known:
                raise ValueError(f"column {name}: no {self.row} has a «{column.means}»; one of {', '.join(known)}")
            wanted = known[column.means].qualifier
            if wanted and getattr(column, wanted) is None:
                raise ValueError(f"column {name}: a «{column.means}» needs its {wanted}")
        return self

    @property
    def title(self) -> str:
        """The name by which its keeper knows it: of its sheet, else of its file."""
        return self.sheet or PurePath(self.file).stem

    def meaning(self, column: str) -> Meaning | None:
        """Return how the cells of a column are read; None for one that is ignored."""
        return MEANINGS[self.row].get(self.columns[column].means)


class Text(_Strict):
    """One text in the three languages."""

    fi: str
    sv: str
    en: str


class Source(_Strict):
    """The source that the tables are."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    about: Text | None = None
    publisher: str = ""
    page: str = ""
    reference_date: str = Field(alias="reference-date", pattern=r"^\d{4}-\d\d-\d\d$")
    language: Language = "fi"
    reports: str = Field("", description="the organisation whose table it is; empty: each row cites its page")


class Map(_Strict):
    """What the tables of one source mean."""

    source: Source
    matches: str = Field("matches.csv", description="the file of judgements beside the map")
    tables: dict[str, Table]
    values: dict[str, dict[str, str | list[str]]] = Field(
        default_factory=dict, description="what words mean, by scheme: theme, unit, method …; «*» is every other word"
    )
    new: New = New()
    """Concepts and contexts that the tables name first, as in a reading."""


def read_map(path: Path) -> Map:
    """Read a map; raise MapError with the place and what would be right."""
    try:
        # every scalar is a text: 2026-11-25 is no object, no is no truth
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
        return Map.model_validate(raw)
    except UnicodeDecodeError as error:
        raise MapError(f"{path.name} is no map: name the folder that holds map.yaml and the tables.") from error
    except OSError as error:
        right = (
            "Make one with «dialogiverkko table template FOLDER --slug NAME», or as data/sources/TABLES.md explains."
        )
        raise MapError(f"There is no map {path.name}: {error.strerror}. {right}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise MapError(f"{path.name}{where} is not YAML: {getattr(error, 'problem', error)}.") from error
    except ValidationError as error:
        told = [f"{'.'.join(str(part) for part in e['loc']) or 'map'}: {e['msg']}" for e in error.errors()]
        raise MapError(f"{path.name} is no map of a table: " + "; ".join(told) + ".") from error
