"""Reads the header of a query file: the leading ``#+ `` lines are YAML, and every value knows its line."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

import yaml

from dialogiverkko.errors import DataError

MARK = "#+"
NEAR = 0.6
"""How much two words must share, from 0 to 1, for one to be offered in place of the other."""


@dataclass(frozen=True)
class Located:
    """A YAML value and the line of the file on which it begins (1-based)."""

    value: "str | int | bool | list[Located] | dict[str, Located] | None"
    file: str
    line: int

    def fail(self, message: str) -> NoReturn:
        """Raise a DataError that names the file and the line of this value."""
        raise DataError(f"{self.file}:{self.line}: {message}", file=self.file, line=self.line)

    def mapping(self, what: str) -> "dict[str, Located]":
        """Return the value as a mapping, or say that ``what`` must be one."""
        if not isinstance(self.value, dict):
            self.fail(f"{what} must be a mapping")
        return self.value

    def items(self, what: str) -> "list[Located]":
        """Return the value as a list, or say that ``what`` must be one."""
        if not isinstance(self.value, list):
            self.fail(f"{what} must be a list")
        return self.value

    def text(self, what: str) -> str:
        """Return the value as text that is not empty, or say that ``what`` must be that."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.fail(f"{what} must be text")
        return self.value

    def flag(self, what: str) -> bool:
        """Return the value as true or false, or say that ``what`` must be one of them."""
        if not isinstance(self.value, bool):
            self.fail(f"{what} must be true or false")
        return self.value


def split(text: str) -> tuple[str, str]:
    """Return the YAML of the header and the rest of the file."""
    lines = text.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if not line.startswith(MARK)), len(lines))
    header = "".join(line[len(MARK) :].removeprefix(" ") for line in lines[:end])
    return header, "".join(lines[end:])


def read(text: str, file: str) -> dict[str, Located]:
    """Parse the header of a query file; a DataError names the file and the line of what is wrong."""
    header, _ = split(text)
    if not header.strip():
        raise DataError(f"{file}:1: the file must begin with a header of '#+ ' lines", file=file, line=1)
    try:
        node = yaml.compose(header, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{file}:{line}: the header is not YAML: {error.problem}", file=file, line=line) from None
    if node is None:
        raise DataError(f"{file}:1: the header is empty", file=file, line=1)
    return _locate(node, file).mapping("the header")


def _locate(node: yaml.Node, file: str) -> Located:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Located(dict(_pairs(node, file)), file, line)
    if isinstance(node, yaml.SequenceNode):
        return Located([_locate(item, file) for item in node.value], file, line)
    return Located(_scalar(node), file, line)


def _scalar(node: yaml.Node) -> str | int | bool | None:
    """Read a scalar; dates and decimal numbers stay as written, since parameters parse them themselves."""
    plain = {"true": True, "false": False, "null": None}
    if node.tag in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}:
        return plain.get(str(node.value).lower(), str(node.value))
    if node.tag == "tag:yaml.org,2002:int":
        return int(node.value)
    return str(node.value)


def _pairs(node: yaml.MappingNode, file: str) -> Iterator[tuple[str, Located]]:
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            Located(name, file, key.start_mark.line + 1).fail(f"'{name}' stands twice in the header")
        seen.add(name)
        yield name, _locate(value, file)


def only(fields: Mapping[str, Located], known: tuple[str, ...], what: str) -> None:
    """Refuse a field that nobody reads: a misspelt one would be lost in silence."""
    for name, located in fields.items():
        if name not in known:
            located.fail(f"{what} has no field '{name}'; its fields are {', '.join(known)}")


def nearest(word: str, known: list[str]) -> str:
    """Return the known word that is most like a word, whatever its case; empty where none is near."""
    folded = {each.casefold(): each for each in reversed(known)}
    found = difflib.get_close_matches(word[:100].casefold(), list(folded), n=1, cutoff=NEAR)
    return folded[found[0]] if found else ""
