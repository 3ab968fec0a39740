"""Reads the YAML of a reading: every scalar as text, and where each key and value stands."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.reading import Item, Reading, Statements
from dialogiverkko.spelling import nearest

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Mark = tuple[int, int]
"""Line and column, from 1."""


_OTHERS: Mapping[str | int, str] = {
    str(field.alias): name
    for model in (Statements, Item, Reading)
    for name, field in model.model_fields.items()
    if field.alias and field.alias.replace("-", "_").rstrip("_") != name.rstrip("_")
}
"""Keys that may be written in two ways, the second of which is a plural: ``gap``, ``gaps``."""


@dataclass(frozen=True)
class Marked:
    """What a YAML text holds, and where."""

    data: Any
    marks: Mapping[Path, Mark]
    problems: tuple[Problem, ...] = ()

    def at(self, path: Path) -> Mark:
        """Return where a part stands, or the nearest part that holds it."""
        here: Path = ()
        for part in path:
            written = next((each for each in (part, _OTHERS.get(part, part)) if (*here, each) in self.marks), None)
            if written is not None:
                here = (*here, written)
            elif isinstance(part, str):
                break  # a number that is not there stands for the one of a list that was written without one
        return self.marks.get(here, (1, 1))


def read_marked(text: str) -> Marked:
    """Read YAML; what cannot be read is a problem with its place."""
    marks: dict[Path, Mark] = {}
    problems: list[Problem] = []
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = error.problem or error.context or "it does not parse"
        hint = 'put a text that holds «: », « #», a comma in braces, or begins with a sign, between "quotation marks"'
        return Marked(None, {(): place}, (Problem((), f"this is not YAML: {said}", hint),))
    data = _value(node, (), marks, problems) if node is not None else None
    return Marked(data, marks, tuple(problems))


def _value(node: yaml.Node, path: Path, marks: dict[Path, Mark], problems: list[Problem]) -> Any:
    marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*path, number), marks, problems) for number, each in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        where = (*path, name)
        mark = (key.start_mark.line + 1, key.start_mark.column + 1)
        if name in found:
            marks[(*where, "again")] = mark
            problems.append(Problem((*where, "again"), f"«{name}» stands here twice", "keep one, or make a list"))
            continue
        marks[where] = (value.start_mark.line + 1, value.start_mark.column + 1)
        marks[(*where, "key")] = mark
        found[name] = _value(value, where, marks, problems)
    return found


def read_reading(text: str) -> tuple[Reading | None, Marked, tuple[Problem, ...]]:
    """Read a reading; every fault of its form is a problem, and then there is no reading."""
    marked = read_marked(text)
    if marked.data is None:
        return None, marked, marked.problems or (Problem((), "the file is empty", "begin it with  source:"),)
    if not isinstance(marked.data, dict):
        return None, marked, (Problem((), "a reading is a mapping", "begin it with  source:"),)
    try:
        reading = Reading.model_validate(marked.data)
    except ValidationError as error:
        return None, marked, (*marked.problems, *_told(error))
    return (None if marked.problems else reading), marked, marked.problems


def _told(error: ValidationError) -> Iterator[Problem]:
    for each in error.errors():
        path: Path = tuple(each["loc"])
        key = path[-1] if path else ""
        match each["type"]:
            case "missing":
                parent = path[:-1]
                yield Problem(parent, f"«{key}» is missing here", f"write  {key}: …")
            case "extra_forbidden":
                known = _keys(path[:-1])
                near = nearest(str(key), known)
                right = "" if near else f"keys here are {', '.join(known)}"
                yield Problem((*path, "key"), f"«{key}» is no key here", right, near)
            case "literal_error":
                expected = (
                    str(each.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
                )
                near = nearest(str(each["input"]), expected)
                yield Problem(path, f"«{each['input']}» is not among {', '.join(expected)}", "", near)
            case "string_pattern_mismatch":
                yield Problem(path, f"«{each['input']}» has not the form that it should have", _form(path))
            case "value_error":
                message, _, mend = str(each["msg"]).removeprefix("Value error, ").partition("; ")
                yield Problem(path, message, mend)
            case _:
                yield Problem(path, f"this is not what stands here ({str(each['msg']).lower()})", _form(path))


def _form(path: Path) -> str:
    """Return what would be right at a place of which only the form is wrong."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    forms = {
        "slug": "small letters, digits and hyphens, such as kunnat-2021",
        "id": "small letters, digits and hyphens, such as hailuodon-keskustelut",
        "reference-date": "a day such as 2021-06-08",
        "retrieved": "a day such as 2021-06-08",
        "issued": "a day such as 2021-06-08",
        "sha256": "64 signs 0-9 a-f; source add and source rebase write it",
        "point": "latitude, longitude such as 60.98, 25.66",
        "geonames": "the number of the place in GeoNames",
        "name": "{fi: …, sv: …, en: …}",
        "about": "{fi: …, sv: …, en: …}",
        "title": "{fi: …, sv: …, en: …}",
    }
    return "right is " + forms[key] if key in forms else ""


def _keys(path: Path) -> list[str]:
    """List the keys that may stand at a place of a reading."""
    schema = Reading.model_json_schema(by_alias=True)
    here: Any = schema
    for part in path:
        here = _step(_resolved(here, schema), part)
        if here is None:
            return []
    return sorted(_resolved(here, schema).get("properties", {}))


def _resolved(here: Any, schema: Any) -> Any:
    while "$ref" in here:
        here = schema["$defs"][here["$ref"].rsplit("/", 1)[-1]]
    for option in here.get("anyOf", ()):
        if "$ref" in option or option.get("type") in ("object", "array"):
            return _resolved(option, schema)
    return here


def _step(here: Any, part: str | int) -> Any:
    if isinstance(part, int):
        prefix = here.get("prefixItems") or []
        return here.get("items") or (prefix[0] if prefix else None)
    if part in here.get("properties", {}):
        return here["properties"][part]
    extra = here.get("additionalProperties")
    if isinstance(extra, dict):
        return extra
    patterns = list(itertools.chain(here.get("patternProperties", {}).values()))
    return patterns[0] if patterns else None
