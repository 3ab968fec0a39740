"""The index of the search: one file of SQLite with a full-text table (FTS5), made once and read from memory.

The words are analysed before they come here, so that the table holds keys (see ``words``) and a search can hold
nothing but keys: what people type never reaches the language of FTS5. A connection holds the whole file in memory, so
that a process that may open nothing can search, and processes that are forked share it.
"""

import json
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.search.documents import Document, documents, statements
from dialogiverkko.search.words import joined, keys, split

FILE = "search.sqlite"
"""What the index is called among what is built."""
VERSION = 1
"""Rises with what a file holds: one of another version is made anew."""
_SCHEMA = """
PRAGMA page_size = 4096;
CREATE TABLE about (digest TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, scheme TEXT NOT NULL,
  weight REAL NOT NULL, names TEXT NOT NULL);
CREATE VIRTUAL TABLE word USING fts5(name, near, said, content='', detail=column,
  tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(word, row);
"""


def build_index(snapshot: Snapshot, folder: Path) -> None:
    """Write the index of a graph into a folder of what is built."""
    (folder / FILE).write_bytes(of_snapshot(snapshot))


def of_snapshot(snapshot: Snapshot) -> bytes:
    """Return the index of a graph as the bytes of its file."""
    return made(documents(statements(snapshot)), snapshot.digest)


def made(found: Iterable[Document], digest: str = "") -> bytes:
    """Return the file of an index over some things."""
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA temp_store = MEMORY")
    base.executescript(_SCHEMA)
    base.execute("INSERT INTO about VALUES (?, ?)", (digest, VERSION))
    for number, each in enumerate(sorted(found, key=lambda document: document.iri), 1):
        names = [(language, name, is_main, *_keys(name, language)) for language, name, is_main in each.names]
        row = (number, each.iri, each.kind, each.scheme, each.weight, json.dumps(names, ensure_ascii=False))
        base.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)", row)
        columns = (
            " ".join(keys for *_, keys in names),
            " ".join({_keys(name, language)[1]: None for language, name in each.near}),
            " ".join(_keys(text, language)[1] for language, text in each.texts),
        )
        base.execute("INSERT INTO word (rowid, name, near, said) VALUES (?, ?, ?, ?)", (number, *columns))
    base.execute("INSERT INTO word (word) VALUES ('optimize')")
    base.commit()
    try:
        return base.serialize()
    finally:
        base.close()


@lru_cache(maxsize=20_000)  # what things are near to has few names, and many things are near to it
def _keys(text: str, language: str) -> tuple[int, str]:
    """Return how many words a text has, and the keys by which it is found."""
    words = split(text)
    return len(words), " ".join(dict.fromkeys(key for word in [*words, *joined(text)] for key in keys(word, language)))


def opened(file: bytes) -> sqlite3.Connection:
    """Open an index for reading, in memory; nothing of it is on a disk any more."""
    base = sqlite3.connect(":memory:", check_same_thread=False)
    base.deserialize(file)
    base.execute("PRAGMA query_only = 1")
    base.execute("PRAGMA temp_store = MEMORY")
    return base
