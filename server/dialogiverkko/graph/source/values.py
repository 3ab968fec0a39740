"""The short forms of parties and counts: ``attendee residents in saimaa «asuvat»``, ``~10 discussion``."""

import re
from dataclasses import dataclass

from dialogiverkko.graph.source.said import Quote, Said, quotes_of

_PIECE = re.compile(r"«[^«»]*»(?:#[1-9]\d*)?|\([^()]*\)|[^\s«»()]+")
_NUMBER = re.compile(r"(?P<about>~)?(?P<low>\d+)(?:-(?P<high>\d+))?(?P<more>\+)?")
PARTY_FORM = "role who [of organisation …] [in place …] (hedge) «words»"
COUNT_FORM = "~10 discussion, 1-2 group per discussion-day, several event, 40+ participant or 3 event in sv"


@dataclass(frozen=True)
class Party:
    """Who takes part, in which role; words after the role say the role, all others say who."""

    role: str
    who: str
    affiliations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    alternative_to: int = 0
    number: int = 0
    hedges: tuple[str, ...] = ()
    role_quotes: tuple[Quote, ...] = ()
    quotes: tuple[Quote, ...] = ()


def parse_party(text: str) -> Party:
    """Read the short form of a party; raises ValueError that says what would be right."""
    quotes_of(text)
    words: list[str] = []
    hedges: list[str] = []
    role_quotes: list[Quote] = []
    quotes: list[Quote] = []
    for piece in _PIECE.findall(text):
        if piece.startswith("«"):
            (role_quotes if len(words) == 1 else quotes).extend(quotes_of(piece))
        elif piece.startswith("("):
            hedges.append(piece[1:-1].strip())
        elif piece.strip(",;"):
            words.append(piece.strip(",;"))
    if len(words) < 2:  # role and who
        raise ValueError(f"a party is a role and who has it; right is: {PARTY_FORM}")
    role, who, *rest = words
    parts = _parts_of(rest)
    return Party(
        role,
        who,
        tuple(parts["of"]),
        tuple(parts["in"]),
        int(parts["or"][0]) if parts["or"] else 0,
        int(parts["as"][0]) if parts["as"] else 0,
        tuple(hedges),
        tuple(role_quotes),
        tuple(quotes),
    )


def _parts_of(words: list[str]) -> dict[str, list[str]]:
    """Return what stands after each of the small words of a party; raises ValueError for what is not understood."""
    parts: dict[str, list[str]] = {"of": [], "in": [], "or": [], "as": []}
    key = ""
    for word in words:
        if word in parts:
            key = word
        elif not key:
            raise ValueError(f"«{word}» is not understood in a party; right is: {PARTY_FORM}")
        else:
            parts[key].append(word)
    for name, given in parts.items():
        if name in words and not given:
            raise ValueError(f"nothing stands after «{name}»; right is: {PARTY_FORM}")
        if name in ("or", "as") and given and (len(given) > 1 or not given[0].isdigit()):
            raise ValueError(f"after «{name}» stands one number, that of a party of the same activity")
    return parts


@dataclass(frozen=True)
class Counted:
    """A number, range, least number or vague quantity of a unit."""

    unit: str
    low: int | None = None
    high: int | None = None
    is_least: bool = False
    is_approximate: bool = False
    quantifier: str = ""
    per: str = ""
    language: str = ""


def parse_count(said: Said) -> Counted:
    """Read the short form of a count; raises ValueError that says what would be right."""
    words = said.value.split()
    if len(words) < 2:  # how many and of what
        raise ValueError(f"a count is how many and of what; right is: {COUNT_FORM}")
    amount, unit, *rest = words
    pairs = dict(zip(rest[::2], rest[1::2], strict=False))
    if len(rest) % 2 or set(pairs) - {"per", "in"}:
        raise ValueError(f"«{' '.join(rest)}» is not understood in a count; right is: {COUNT_FORM}")
    per, language = pairs.get("per", ""), pairs.get("in", "")
    match = _NUMBER.fullmatch(amount)
    if match is None:
        if amount[0].isdigit():
            raise ValueError(f"«{amount}» is no number; right is: {COUNT_FORM}")
        return Counted(unit, quantifier=amount, per=per, language=language)
    low, high = int(match["low"]), int(match["high"]) if match["high"] else None
    if high is not None and high < low:
        raise ValueError(f"«{amount}» begins above its end; right would be {high}-{low}")
    return Counted(unit, low, high, match["more"] is not None, match["about"] is not None, "", per, language)
