"""Writes the lines of a graph as JSON-LD, a node at a time, without making an object of each triple.

A literal of N-Triples that has nothing to escape is one of JSON as it stands.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from dialogiverkko.graph.lines import value_of
from dialogiverkko.namespaces import RDF_TYPE
from dialogiverkko.sparql.jsonld import Context, Writer

_TYPE = f"<{RDF_TYPE}>".encode()
_QUOTE = ord('"')
_KEPT = 65_536
"""How many names are kept in quotation marks, of all that there are."""


def pieces(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Write lines that come subject by subject, a node at a time, with all prefixes declared first."""
    writer = Writer(Context(prefixes))
    declared = {name: {"@id": namespace, "@prefix": True} for name, namespace in sorted(prefixes.items()) if name}
    yield b'{"@context":' + _json(declared) + b',"@graph":['
    yield from _nodes(lines, writer)
    if not writer.schemes.isdisjoint(declared):
        raise ValueError("An IRI has a scheme that is one of the prefixes.")
    yield b"\n]}\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _nodes(lines: Iterable[bytes], writer: Writer) -> Iterator[bytes]:
    @lru_cache(_KEPT)
    def name(term: bytes) -> bytes:
        text = term.decode()
        return _json(text if text.startswith("_:") else writer.shortened(text[1:-1]))

    current, between, node = b"", b"\n", dict[bytes, list[bytes]]()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != current:
            if node:
                yield between + _node(name(current), node)
                between = b",\n"
            current, node = subject, {}
        value = rest[:-2]
        if predicate == _TYPE and value[0] != _QUOTE:
            node.setdefault(b'"@type"', []).append(name(value))
        else:
            node.setdefault(name(predicate), []).append(_value(value, name, writer))
    if node:
        yield between + _node(name(current), node)


def _node(subject: bytes, said: Mapping[bytes, list[bytes]]) -> bytes:
    members = [
        b"," + key + b":" + (values[0] if len(values) == 1 else b"[" + b",".join(values) + b"]")
        for key, values in said.items()
    ]
    return b'{"@id":' + subject + b"".join(members) + b"}"


def _value(written: bytes, name: Callable[[bytes], bytes], writer: Writer) -> bytes:
    if written[0] != _QUOTE:
        return b'{"@id":' + name(written) + b"}"
    end = written.rindex(b'"') + 1
    text, mark = written[:end], written[end:]
    if b"\\" in text or b"--" in mark:
        return _json(writer.value(value_of(written)))
    if not mark:
        return text
    if mark.startswith(b"@"):
        return b'{"@language":"' + mark[1:] + b'","@value":' + text + b"}"
    return b'{"@type":' + name(mark[2:]) + b',"@value":' + text + b"}"
