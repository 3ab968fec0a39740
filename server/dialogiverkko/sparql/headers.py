"""Reads the header of a query file: the leading ``#+ `` lines are YAML, held to a model, and values know their line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from dialogiverkko.errors import DataError
from dialogiverkko.namespaces import LANGUAGES

MARK = "#+"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML an order of magnitude sooner where the library is compiled."""
Place = Iterable[int | str]
"""Where a value stands in a header: the names and numbers that lead to it."""


class Fields(BaseModel):
    """What a header, or a part of it, may say; a misspelt field would be lost in silence, so no other is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Fields)


@dataclass(frozen=True)
class Lines:
    """Where the values of one header stand in its file."""

    file: str
    root: yaml.Node

    def of(self, place: Place) -> int:
        """Return the line (1-based) on which a value begins, or the nearest one around it that exists."""
        node = self.root
        for part in place:
            node = _child(node, part) or node
        return node.start_mark.line + 1

    def fail(self, message: str, *place: int | str) -> NoReturn:
        """Raise a DataError that names the file and the line of a value."""
        raise _error(self.file, self.of(place), message)


def split(text: str) -> tuple[str, str]:
    """Return the YAML of the header and the rest of the file."""
    lines = text.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if not line.startswith(MARK)), len(lines))
    header = "".join(line[len(MARK) :].removeprefix(" ") for line in lines[:end])
    return header, "".join(lines[end:])


def read_header(text: str, file: str, model: type[Model]) -> tuple[Model, Lines]:
    """Parse the header of a query file; a DataError names the file and the line of what is wrong."""
    header, _ = split(text)
    if not header.strip():
        raise _error(file, 1, "the file must begin with a header of '#+ ' lines")
    try:
        root = yaml.compose(header, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _error(file, line, f"the header is not YAML: {error.problem}") from None
    if not isinstance(root, yaml.MappingNode):
        raise _error(file, 1, "the header must be names and their values")
    lines = Lines(file, root)
    try:
        return model.model_validate(_plain(root, file)), lines
    except ValidationError as error:
        first = error.errors()[0]
        lines.fail(_complaint(first, model), *first["loc"])


def _error(file: str, line: int, message: str) -> DataError:
    return DataError(f"{file}:{line}: {message}", file=file, line=line)


def _child(node: yaml.Node, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return next(iter(node.value[part : part + 1]), None)
    return None


def _plain(node: yaml.Node, file: str) -> Any:  # Any: what YAML holds; the model says what it must be
    """Return mappings, lists and texts; numbers, days and truths stay as written, for the model to parse."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, file) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return str(node.value)
    found: dict[str, Any] = {}
    for key, value in node.value:
        if key.value in found:
            raise _error(file, key.start_mark.line + 1, f"'{key.value}' stands twice in the header")
        found[str(key.value)] = _plain(value, file)
    return found


def _complaint(error: ErrorDetails, model: type[Fields]) -> str:
    """Say what is wrong with one value, in the words of the header."""
    *around, last = error["loc"] or ("the header",)
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            what = f"the language '{last}'" if last in LANGUAGES else f"'{last}'"
            return f"{_named(around)} lacks {what}"
        case "extra_forbidden":
            return f"{_named(around)} has no field '{last}'; its fields are {', '.join(_fields(model, around))}"
        case "enum" | "literal_error":
            return f"{last} must be one of {context['expected']}"
        case "value_error":
            return str(context["error"])
        case _:
            return f"{_named(error['loc'])}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _named(place: Place) -> str:
    """Name a part of the header: ``'title'``, or an item of a list by its number."""
    *around, last = place or ("the header",)
    if isinstance(last, int):
        return f"item {last + 1} of {_named(around)}"
    return f"'{last}'" if place else last


def _fields(model: Any, place: Place) -> list[str]:  # Any: an annotation of a field
    """List the fields of the model that stands at a place."""
    for part in place:
        inner = model.model_fields[part].annotation if isinstance(part, str) else get_args(model)[0]
        model = inner
    return list(model.model_fields)
