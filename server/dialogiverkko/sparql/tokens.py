"""Splits the text of a query into the terminals of SPARQL 1.1, in one pass and in linear time.

The terminals are those of `SPARQL 1.1 Query Language, section 19.8
<https://www.w3.org/TR/sparql11-query/#sparqlGrammar>`_. Every pattern is possessive, so that no
text can make it backtrack.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from dialogiverkko.errors import QuerySyntaxError
from dialogiverkko.sparql.grammar import grammar
from dialogiverkko.sparql.places import Places, edit, line_and_column, origin

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_U = _BASE + "_"
_VARNAME_TAIL = _U + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = _VARNAME_TAIL + "\\-"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = r"\\[tbnrf\"'\\]"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_DOTS = rf"\.++(?=[{_CHARS}])"
_DOTS_LOCAL = rf"\.++(?=[{_CHARS}:%\\])"
_PREFIX = rf"[{_BASE}](?:[{_CHARS}]++|{_DOTS})*+"
_LOCAL = rf"(?:[{_U}:0-9]|{_PLX})(?:[{_CHARS}:]++|{_PLX}|{_DOTS_LOCAL})*+"
_EXPONENT = r"[eE][+-]?[0-9]++"
_SKIP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
"""White space; a comment is treated as such (section 19.4), also within ``( )`` and ``[ ]``."""


def _string(quote: str) -> str:
    return rf"{quote}(?!{quote * 2})(?:[^{quote}\\\n\r]++|{_ECHAR}|{_UCHAR})*+{quote}"


def _long_string(quote: str) -> str:
    return rf"{quote * 3}(?:[^{quote}\\]++|{_ECHAR}|{_UCHAR}|{quote}(?!{quote * 2}))*+{quote * 3}"


_IRIREF = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]++|{_UCHAR})*+>"
_STRINGS = rf"{_long_string(chr(39))}|{_long_string(chr(34))}|{_string(chr(39))}|{_string(chr(34))}"

_TERMINALS = (
    ("IRIREF", _IRIREF),
    ("VAR", rf"[?$][{_U}0-9][{_VARNAME_TAIL}]*+"),
    ("PNAME_LN", rf"(?:{_PREFIX})?+:{_LOCAL}"),
    ("PNAME_NS", rf"(?:{_PREFIX})?+:"),
    ("BLANK_NODE_LABEL", rf"_:[{_U}0-9](?:[{_CHARS}]++|{_DOTS})*+"),
    ("WORD", r"[A-Za-z][A-Za-z0-9_]*+"),
    ("STRING", _STRINGS),
    ("LANGTAG", r"@[a-zA-Z]++(?:-[a-zA-Z0-9]++)*+"),
    ("DOUBLE", rf"[+-]?(?:[0-9]++\.[0-9]*+{_EXPONENT}|\.[0-9]++{_EXPONENT}|[0-9]++{_EXPONENT})"),
    ("DECIMAL", r"[+-]?[0-9]*+\.[0-9]++"),
    ("INTEGER", r"[+-]?[0-9]++"),
    ("NIL", rf"\({_SKIP}\)"),
    ("ANON", rf"\[{_SKIP}\]"),
    ("PUNCTUATION", r"\^\^|&&|\|\||!=|<=|>=|[{}()\[\].,;=<>!+\-*/|^?]"),
    ("EOF", r"\Z"),
)
UPDATE_KEYWORDS: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
"""The words that an update begins with; no query has them."""
_LONGEST: Final = 14
"""Letters of the longest keyword, ENCODE_FOR_URI."""
SEVERAL = frozenset({"WORD", "PUNCTUATION", "INTEGER", "DECIMAL", "DOUBLE"})
"""The groups of the scanner that stand for several types of token."""


@cache
def scanner() -> re.Pattern[str]:
    """Return the pattern that takes one token, and the white space before it."""
    alternatives = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _TERMINALS)
    return re.compile(f"{_SKIP}(?:{alternatives})")


@cache
def _escape_scanner() -> re.Pattern[str]:
    """Finds what keeps its escapes (comments, strings, IRIs) and the escapes elsewhere (section 19.2)."""
    return re.compile(rf"\#[^\r\n]*+|{_STRINGS}|{_IRIREF}|(?P<escape>{_UCHAR})|{_PLX}")


class Token(NamedTuple):
    """One terminal: its type in the grammar, its text, and where it starts (a 0-based offset)."""

    type: str
    text: str
    start: int


class SourceText:
    """The text of a query with the code point escapes outside strings and IRIs replaced.

    Knows the line and the column that each place had in the text as it was written.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self.places: tuple[Places, ...] = ()
        self.text = self._replace_escapes() if "\\u" in written or "\\U" in written else written

    def _replace_escapes(self) -> str:
        edits = []
        for match in _escape_scanner().finditer(self.written):
            if match["escape"] is None:
                continue
            code = int(match["escape"][2:], 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or code == 0:
                raise self.error(f"{match['escape']} is no character.", match.start())
            edits.append((match.start(), match.end(), chr(code)))
        text, places = edit(self.written, edits)
        self.places = (places,)
        return text

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column, in the written text, of an offset into ``text``."""
        return line_and_column(self.written, origin(self.places, offset))

    def error(self, message: str, offset: int) -> QuerySyntaxError:
        """Make a syntax error that names its place."""
        line, column = self.line_and_column(offset)
        return QuerySyntaxError(f"Line {line}, column {column}: {message}", line=line, column=column)


def tokenize(source: SourceText) -> Iterator[Token]:
    """Yield the tokens one by one, ending with EOF; raise where none can start.

    Lazy on purpose: the parser stops at the first token that cannot stand where it does.
    """
    text, offset = source.text, 0
    match_at = scanner().match
    while True:
        match = match_at(text, offset)
        if match is None:
            raise _no_token(source, _after_skip(text, offset))
        group = match.lastgroup or ""
        found = match[group]
        start = match.end() - len(found)
        if group == "WORD":
            found = _longest_keyword(found)
        offset = start + len(found)
        yield Token(type_of(group, found) if group in SEVERAL else group, found, start)
        if group == "EOF":
            return


def _longest_keyword(word: str) -> str:
    """Take the longest keyword that a run of letters begins with (section 19.3), or all of it."""
    keywords = grammar().keywords
    if word.upper() in UPDATE_KEYWORDS:
        return word
    for length in range(min(len(word), _LONGEST), 0, -1):
        if word[:length].upper() in keywords or word[:length] == "a":
            return word[:length]
    return word


def _after_skip(text: str, offset: int) -> int:
    skipped = re.compile(_SKIP).match(text, offset)
    return skipped.end() if skipped else offset


def type_of(group: str, text: str) -> str:
    """Return the terminal of a group that stands for several: keywords, signs, signed numbers."""
    if group == "PUNCTUATION":
        return text
    if group == "WORD":
        return "a" if text == "a" else text.upper() if text != "A" else "WORD"
    return group + {"+": "_POSITIVE", "-": "_NEGATIVE"}.get(text[0], "")


def _no_token(source: SourceText, offset: int) -> QuerySyntaxError:
    """Make the error of a character that no token can start with."""
    text = source.text
    character = text[offset]
    if character in "'\"":
        rest = text[offset : offset + 200]
        if bad := re.search(r"\\(?![tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})", rest):
            escape = rest[bad.start() : bad.start() + 2]
            return source.error(f"{escape} is no escape that a string may have.", offset + bad.start())
        return source.error("this string is not closed.", offset)
    if character == "\\":
        return source.error("a backslash may stand only in strings, IRIs and local names.", offset)
    return source.error(f"{_show(character)} cannot stand here.", offset)


def _show(character: str) -> str:
    return f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"
