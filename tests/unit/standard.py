"""The grammar of the Recommendation as data: it derives sentences, tells terminals apart, and decides.

It shares nothing with the grammar of the server. The productions are those of `SPARQL 1.1 Query Language,
section 19.8 <https://www.w3.org/TR/sparql11-query/#sparqlGrammar>`_, with three turns: an empty negated
property set is the terminal NIL, as its text is read (production 95); after a semicolon too a path's
objects may hold paths (production 83); a comment is white space (section 19.4), also within NIL and ANON.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

FILE: Final = Path(__file__).with_name("standard_grammar.txt")
_LINE: Final = re.compile(r"\[(\d+)\] (\w+) ::= (.*)")
_PART: Final = re.compile(r"\"[^\"]+\"|'[^']+'|\[[^\]]*\]|#x[0-9A-Fa-f]+|\w+|[()|?*+]")
_FIRST_TERMINAL: Final = 139


@dataclass(frozen=True)
class Part:
    """A part of a right side: a name, a word, characters, a sequence, a choice or a repetition."""

    kind: str
    text: str = ""
    parts: tuple["Part", ...] = ()


@cache
def productions() -> dict[str, tuple[int, str]]:
    """Return number and right side of each production by its name."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {match[2]: (int(match[1]), match[3]) for match in map(_LINE.fullmatch, lines) if match}


@cache
def right_side(name: str) -> Part:
    """Return the right side of a production as a tree."""
    tokens = _PART.findall(productions()[name][1])
    part, rest = _choice(tokens)
    assert not rest, (name, rest)
    return part


def _choice(tokens: list[str]) -> tuple[Part, list[str]]:
    sequences: list[Part] = []
    current: list[Part] = []
    while tokens and tokens[0] != ")":
        piece, tokens = tokens[0], tokens[1:]
        if piece == "|":
            sequences.append(Part("sequence", parts=tuple(current)))
            current = []
        elif piece in {"?", "*", "+"}:
            current[-1] = Part(piece, parts=(current[-1],))
        elif piece == "(":
            inner, tokens = _choice(tokens)
            tokens = tokens[1:]
            current.append(inner)
        elif piece[0] in "'\"":
            current.append(Part("word", piece[1:-1]))
        elif piece[0] in "[#":
            current.append(Part("characters", piece))
        else:
            current.append(Part("name", piece))
    sequences.append(Part("sequence", parts=tuple(current)))
    return (sequences[0] if len(sequences) == 1 else Part("choice", parts=tuple(sequences))), tokens


def is_terminal(name: str) -> bool:
    """Check whether a production is one of the terminals."""
    return productions()[name][0] >= _FIRST_TERMINAL


# --- terminals ------------------------------------------------------------------------------------

_COMMENT_OR_SPACE: Final = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")


def _characters(text: str) -> list[tuple[int, int]]:
    """Return the ranges of a class of characters, without the sign that turns it round."""
    codes = [
        int(each[2:], 16) if each.startswith("#x") else -1 if each == "-" else ord(each)
        for each in re.findall(r"#x[0-9A-Fa-f]+|.", text, flags=re.DOTALL)
    ]
    found: list[tuple[int, int]] = []
    while codes:
        if len(codes) > 2 and codes[1] == -1:
            found.append((codes[0], codes[2]))
            codes = codes[3:]
        else:
            code = ord("-") if codes[0] == -1 else codes[0]
            found.append((code, code))
            codes = codes[1:]
    return found


def _class(text: str) -> tuple[bool, list[tuple[int, int]]]:
    if text.startswith("#x"):
        return False, _characters(text)
    inside = text[1:-1]
    return inside.startswith("^"), _characters(inside.removeprefix("^"))


def _pattern(part: Part) -> str:
    if part.kind == "word":
        return re.escape(part.text)
    if part.kind == "characters":
        is_turned, ranges = _class(part.text)
        inside = "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)
        return f"[{'^' if is_turned else ''}{inside}]"
    if part.kind == "name":
        comment = r"|#[^\r\n]*(?![^\r\n])" if part.text == "WS" else ""
        return f"(?:{_pattern(right_side(part.text))}{comment})"
    inner = [_pattern(each) for each in part.parts]
    if part.kind == "choice":
        return f"(?:{'|'.join(inner)})"
    return f"(?:{''.join(inner)}){part.kind if part.kind in '?*+' else ''}"


def _named(part: Part) -> set[tuple[str, str]]:
    """Return the terminals and words of a right side, each with its kind."""
    if part.kind in {"word", "name"}:
        return {(part.kind, part.text)}
    return set().union(*map(_named, part.parts)) if part.parts else set()


@cache
def _terminals() -> tuple[dict[str, re.Pattern[str]], frozenset[str], tuple[str, ...]]:
    """Return the terminals with their patterns, the keywords in capitals, and the signs, the longest first."""
    used = set().union(*(_named(right_side(name)) for name in productions() if not is_terminal(name)))
    names = [text for kind, text in used if kind == "name" and is_terminal(text)]
    words = {text for kind, text in used if kind == "word"}
    keywords = frozenset(word.upper() for word in words if word[0].isalpha() and word != "a")
    signs = sorted((word for word in words if not word[0].isalpha()), key=len, reverse=True)
    return {name: re.compile(_pattern(right_side(name))) for name in sorted(names)}, keywords, tuple(signs)


@cache
def _words() -> re.Pattern[str]:
    keywords = sorted(_terminals()[1], key=len, reverse=True)
    return re.compile(rf"(?i:{'|'.join(keywords)})")


def token_at(text: str, place: int) -> tuple[str, str] | None:
    """Return type and text of the longest terminal at a place (section 19.8: the longest match is chosen)."""
    terminals, _, signs = _terminals()
    best = ("", "")
    for name, pattern in terminals.items():
        match = pattern.match(text, place)
        if match and len(match[0]) > len(best[1]):
            best = (name, match[0])
    word = _words().match(text, place)
    if word and len(word[0]) > len(best[1]):
        best = (word[0].upper(), word[0])
    if not best[1] and text.startswith("a", place):
        best = ("a", "a")
    sign = next((each for each in signs if text.startswith(each, place)), "")
    if len(sign) > len(best[1]):
        best = (sign, sign)
    return best if best[1] else None


def tokens(text: str) -> list[tuple[str, str]] | None:
    """List the terminals of a text; None where there is none."""
    found: list[tuple[str, str]] = []
    place = _COMMENT_OR_SPACE.match(text).end()  # type: ignore[union-attr] # it matches nothing too
    while place < len(text):
        token = token_at(text, place)
        if token is None:
            return None
        found.append(token)
        place = _COMMENT_OR_SPACE.match(text, place + len(token[1])).end()  # type: ignore[union-attr] # see above
    return found


# --- sentences ------------------------------------------------------------------------------------

_IRIS: Final = ("<http://e.example/a>", "<b>", "<#c>", "<../d?e=f>", "<urn:x:ä>", "<>")
_VARIABLES: Final = ("x", "y", "z1", "ä", "0", "_")
_PREFIXES: Final = (":", "p:", "a.b:")
PROLOGUE: Final = "PREFIX : <http://e.example/> PREFIX p: <urn:x:> PREFIX a.b: <http://e.example/ab#> "


class Deriver:
    """Derives sentences at random, with a fixed seed; the deeper it is, the shorter the ways it takes."""

    def __init__(self, seed: int, budget: int = 20) -> None:
        self.random = Random(seed)  # noqa: S311 - sentences, no secrets
        self._budget = budget
        self._left = budget

    def sentence(self, name: str = "Query") -> list[str]:
        """Return the texts of the terminals of a sentence."""
        self._left = self._budget
        return self._derive(Part("name", name), 0)

    def _derive(self, part: Part, depth: int) -> list[str]:
        if part.kind == "word":
            return [self._cased(part.text)]
        if part.kind == "name":
            if is_terminal(part.text):
                self._left -= 1
                return [self.terminal(part.text)]
            return self._derive(right_side(part.text), depth + 1)
        if part.kind == "choice":
            return self._derive(self._chosen(part.parts, depth), depth)
        if part.kind == "sequence":
            return [text for each in part.parts for text in self._derive(each, depth)]
        return [text for _ in range(self._times(part.kind, depth)) for text in self._derive(part.parts[0], depth)]

    def _chosen(self, parts: tuple[Part, ...], depth: int) -> Part:
        if self._is_late(depth):
            least = min(map(_least, parts))
            parts = tuple(each for each in parts if _least(each) == least)
        return self.random.choice(parts)

    def _times(self, kind: str, depth: int) -> int:
        if self._is_late(depth):
            return 1 if kind == "+" else 0
        most = {"?": 1, "*": 2, "+": 3}[kind]
        return self.random.randint(1 if kind == "+" else 0, most)

    def _is_late(self, depth: int) -> bool:
        return self._left <= 0 or depth > 70

    def _cased(self, word: str) -> str:
        if not word[0].isalpha() or word == "a":
            return word
        return self.random.choice([word, word.upper(), word.lower(), word.title()])

    def terminal(self, name: str) -> str:
        """Return the text of a terminal."""
        if name == "IRIREF":
            return self.random.choice(_IRIS)
        if name in {"VAR1", "VAR2"}:
            return ("?" if name == "VAR1" else "$") + self.random.choice(_VARIABLES)
        if name == "PNAME_NS":
            return self.random.choice(_PREFIXES)
        if name == "PNAME_LN":
            return self.random.choice(_PREFIXES) + self._spelled(Part("name", "PN_LOCAL"))
        return self._spelled(Part("name", name))

    def _spelled(self, part: Part) -> str:
        if part.kind == "word":
            return part.text
        if part.kind == "characters":
            return self._character(part.text)
        if part.kind == "name":
            return self._spelled(right_side(part.text))
        if part.kind == "choice":
            return self._spelled(self.random.choice(part.parts))
        if part.kind == "sequence":
            return "".join(map(self._spelled, part.parts))
        times = self.random.randint(1 if part.kind == "+" else 0, 1 if part.kind == "?" else 3)
        return "".join(self._spelled(part.parts[0]) for _ in range(times))

    def _character(self, text: str) -> str:
        is_turned, ranges = _class(text)
        if is_turned:
            return self.random.choice(
                [each for each in "aZ0 .#{}<>€𝄞" if not any(a <= ord(each) <= b for a, b in ranges)]
            )
        first, last = self.random.choice(ranges)
        return chr(self.random.choice([first, last, self.random.randint(first, last)]))

    def damaged(self, texts: list[str]) -> list[str]:
        """Lose, double, exchange, change or add one terminal."""
        at = self.random.randrange(len(texts))
        other = self.any_terminal()
        changes = (
            lambda: [*texts[:at], *texts[at + 1 :]],
            lambda: [*texts[: at + 1], *texts[at:]],
            lambda: [*texts[:at], *reversed(texts[at : at + 2]), *texts[at + 2 :]],
            lambda: [*texts[:at], other, *texts[at + 1 :]],
            lambda: [*texts[:at], other, *texts[at:]],
        )
        return self.random.choice(changes)()

    def any_terminal(self) -> str:
        """Return any terminal, word or sign of a query."""
        terminals, keywords, signs = _terminals()
        kind = self.random.choice([sorted(terminals), sorted(keywords - _UPDATING), list(signs), ["a"]])
        name = self.random.choice(kind)
        return self.terminal(name) if name in terminals else name


_UPDATING: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})


@cache
def _least(part: Part) -> int:
    """Return how few terminals a part may have, as far as that is seen without going round."""
    return _least_of(part, frozenset())


def _least_of(part: Part, within: frozenset[str]) -> int:
    if part.kind == "word":
        return 1
    if part.kind == "name":
        if is_terminal(part.text):
            return 1
        return 1000 if part.text in within else _least_of(right_side(part.text), within | {part.text})
    if part.kind in {"?", "*"}:
        return 0
    counts = [_least_of(each, within) for each in part.parts]
    return min(counts) if part.kind == "choice" else min(1000, sum(counts))


def spaced(texts: list[str], random: Random) -> str:
    """Write a space or a line between all terminals."""
    return "".join(text + random.choice(["  ", " ", "\n", "\r\n", "\t"]) for text in texts)


def commented(texts: list[str], random: Random) -> str:
    """Write a comment between all terminals."""
    return "".join(text + random.choice(["#\n", " # { ' <\r", "#\\u0041 )\r\n"]) for text in texts)


def unspaced(texts: list[str], random: Random) -> str:
    """Write a space only where two terminals would be read as others (section 19.3)."""
    del random
    pieces: list[str] = []
    for at, text in enumerate(texts):
        pieces.append(text)
        joined = text + "".join(texts[at + 1 : at + 60])
        token = token_at(joined, 0)
        if token is None or token[1] != text:
            pieces.append(" ")
    return "".join(pieces)


# --- the decision ---------------------------------------------------------------------------------


@cache
def _rules() -> dict[str, list[tuple[str, ...]]]:
    """Write the productions as plain alternatives."""
    rules: dict[str, list[tuple[str, ...]]] = {}

    def symbol(part: Part) -> str:
        if part.kind == "word":
            return part.text if part.text == "a" else part.text.upper()
        if part.kind == "name":
            return part.text
        name = f"({len(rules)})"
        rules[name] = []
        if part.kind == "choice":
            rules[name] = [(symbol(each),) for each in part.parts]
        elif part.kind == "sequence":
            rules[name] = [tuple(map(symbol, part.parts))]
        else:
            one = symbol(part.parts[0])
            again = (one, name) if part.kind == "*" else (one,)
            rules[name] = [again, ()] if part.kind != "+" else [(one,), (one, name)]
        return name

    for production in productions():
        if not is_terminal(production):
            rules[production] = [(symbol(right_side(production)),)]
    return rules


@cache
def _firsts() -> dict[str, frozenset[str]]:
    """Return with what each symbol may begin; the empty text where it may be nothing."""
    found: dict[str, set[str]] = {name: set() for name in _rules()}
    changed = True
    while changed:
        changed = False
        for name, alternatives in _rules().items():
            for alternative in alternatives:
                new = _first_of(alternative, found)
                changed = changed or not new <= found[name]
                found[name] |= new
    return {name: frozenset(firsts) for name, firsts in found.items()}


def _first_of(symbols: tuple[str, ...], firsts: "dict[str, set[str]] | dict[str, frozenset[str]]") -> set[str]:
    new: set[str] = set()
    for symbol in symbols:
        first = firsts.get(symbol, {symbol})
        new |= first - {""}
        if "" not in first:
            return new
    return new | {""}


Stack = tuple[str, "Stack | None"]


def _ways(symbol: str, token: str) -> list[tuple[str, ...]]:
    """Return the alternatives of a symbol that may begin with a token, or be nothing."""
    return [each for each in _rules()[symbol] if not _first_of(each, _firsts()).isdisjoint({token, ""})]


_cached_ways = cache(_ways)


def is_sentence(types: list[str], name: str = "QueryUnit") -> bool:
    """Decide, by following every way at once, whether the productions derive these terminals."""
    rules = _rules()
    stacks: set[Stack | None] = {(name, None)}
    for token in types:
        following: set[Stack | None] = set()
        work = list(stacks)
        while work:
            stack = work.pop()
            if stack is None:
                continue
            symbol, rest = stack
            if symbol not in rules:
                if symbol == token:
                    following.add(rest)
                continue
            for alternative in _cached_ways(symbol, token):
                longer = rest
                for each in reversed(alternative):
                    longer = (each, longer)
                work.append(longer)
        stacks = following
    return any(_may_end(stack) for stack in stacks)


def _may_end(stack: Stack | None) -> bool:
    while stack is not None:
        if "" not in _firsts().get(stack[0], frozenset()):
            return False
        stack = stack[1]
    return True
