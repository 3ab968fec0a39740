"""Writes the mapping of a reading as YAML that people edit: short, in one order, long texts by language."""

import re
from collections.abc import Iterator
from typing import Any

from dialogiverkko.namespaces import LANGUAGES

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~=<][^\n]*")
_WIDE = 110


def scalar(text: str, *, flow: bool = False) -> str:
    """Write a text, between quotation marks only where YAML needs them."""
    needs = (
        not _PLAIN.fullmatch(text)
        or ": " in text
        or " #" in text
        or text.endswith((":", " "))
        or (flow and re.search(r"[,\[\]{}]", text) is not None)
    )
    if needs:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return text


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return scalar(str(value), flow=True)


def _is_words(value: Any) -> bool:
    return isinstance(value, dict) and any(language in value for language in LANGUAGES)


def _lines(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, each in value.items():
        if key == "#":
            continue
        if isinstance(each, list) and len(each) == 1 and key not in ("sections", "items"):
            each = each[0]  # one is written as one
        if _is_words(each) or (isinstance(each, list) and each and not isinstance(each[0], dict)):
            yield from _short(key, each, indent)
        elif isinstance(each, dict):
            yield f"{indent}{key}:"
            yield from _lines(each, indent + "  ")
        elif isinstance(each, list):
            yield f"{indent}{key}:"
            for part in each:
                if _is_words(part):
                    yield from _short("-", part, indent)
                    continue
                first, *rest = _lines(part, indent + "  ")
                yield f"{indent}- {first.strip()}"
                yield from rest
        else:
            yield f"{indent}{key}: {scalar(str(each))}"


def _short(key: str, value: Any, indent: str) -> Iterator[str]:
    """Write texts in languages, or a list of texts, on one line where they fit."""
    colon = "" if key == "-" else ":"
    whole = f"{indent}{key}{colon} {_flow(value)}"
    if len(whole) <= _WIDE or (isinstance(value, dict) and len(value) == 1):
        yield whole
        return
    if isinstance(value, dict):
        parts = [f"{name}: {_flow(each)}" for name, each in value.items()]
        begin = f"{indent}{key}{colon} {{"
        for number, part in enumerate(parts):
            end = "}" if number == len(parts) - 1 else ","
            yield (begin if number == 0 else " " * len(begin)) + part + end
        return
    yield f"{indent}{key}{colon}"
    for each in value:
        yield f"{indent}- {scalar(str(each))}"


def emit(reading: dict[str, Any]) -> str:
    """Write a reading as YAML."""
    return "\n".join(_lines(reading, "")) + "\n"
