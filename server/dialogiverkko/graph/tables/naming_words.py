"""Judges whether the words of a page name a value, so that no phrase stands beside a fact that it does not say.

A row has one phrase for all its values. A value that the phrase names, in a form of one of its names, rests on the
phrase; any other rests on the page as a whole, which is what the keeper of the table compared it with.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from dialogiverkko.graph.tables.known import Known, normal
from dialogiverkko.graph.tables.rows import Value

_WORD = re.compile(r"[^\W\d_]{3,}")
_FORMS = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"),
    ("t", "d"), ("p", "v"), ("k", ""),
)  # fmt: skip
"""What changes within words as they are inflected: Iitti, Iitissä; Helsinki, Helsingissä; Lahti, Lahdessa."""
_MODES = re.compile(
    r"verkko|verko|etän|etäy|zoom|teams|skype|webin|webb|online|virtu|stream|striim|nätet|distans|digi|remote|internet"
)
_LANGUAGES = {
    "fi": r"suomeksi|suomenkiel|på finska|finskspråk|in finnish|finnish-language",
    "sv": r"ruotsiksi|ruotsinkiel|på svenska|svenskspråk|in swedish|swedish-language",
    "en": r"englanniksi|englanninkiel|på engelska|engelskspråk|in english|english-language",
}
_GENERAL = {
    *("the", "and", "with", "for", "och", "med", "sekä", "suomen", "finland", "finlands", "finnish"),
    *("dialogi", "dialogit", "dialog", "dialoger", "dialogue", "dialogues"),
    *("valmistelu", "valmistelun", "beredning", "beredningen", "preparation"),
}
"""Words that do not tell a name apart."""


_SEASON_WORDS = {
    "21": "kev vår spring", "22": "kes somm summ", "23": "syk hös höst autumn fall", "24": "tal vint wint",
}  # fmt: skip
_MONTHS = (
    r"(?:january|februar[yi]|januari|march|mars|april|may|maj|june|juni|july|juli|augusti?|september|o[ck]tober"
    r"|november|december)\b"
)
_DAYS = re.compile(
    r"\d{1,2}\.\s?\d{1,2}\.|\d{1,2}\.? ?[a-zåäö]{3,}kuu"
    rf"|\d{{1,2}}(?:th|st|nd|rd)?(?: of)? {_MONTHS}|{_MONTHS} \d{{1,2}}"
)
"""Days as people write them: 27.9., 10. lokakuuta, 12 November, April 23."""
_SHORT, _LONG = 5, 8


class NamedBy:
    """The names of values, and whether words say one."""

    def __init__(self, known: Known) -> None:
        self.names: dict[tuple[str, str], set[str]] = defaultdict(set)
        for scheme, names in known.names.items():
            for name, keys in names.items():
                for key in keys:
                    self.names[scheme, key].add(name)

    def says(self, words: str, value: Value, scheme: str, names: Iterable[str] = ()) -> bool:
        """Whether words name a value: its place, theme, method, people, language or mode, or the whole of a part."""
        key, said = str(value.read), words.casefold()
        if key.startswith("mode:") or scheme == "mode":
            return bool(_MODES.search(said))
        if scheme == "language" and key in _LANGUAGES:
            return bool(re.search(_LANGUAGES[key], said))
        found = _WORD.findall(said)
        known = {normal(name) for name in names} or {*self.names[scheme, key], normal(value.text)}
        return any(_names(name, found) for name in known)


def _names(name: str, said: Iterable[str]) -> bool:
    """Whether all words that tell a name apart are among the words that were said, in any form."""
    words = [word for word in _WORD.findall(name) if word not in _GENERAL]
    return bool(words) and all(any(each.startswith(_stems(word)) for each in said) for word in words)


def _stems(word: str) -> tuple[str, ...]:
    """Return what all forms of a word begin with."""
    stems = {_stem(word)}
    for strong, weak in _FORMS:
        for one, other in ((strong, weak), (weak, strong)):
            if one and word[:-1].endswith(one):
                changed = word[:-1].removesuffix(one) + other + word[-1]
                stems.add(changed if len(changed) < _SHORT else _stem(changed))
    return tuple(stems)


def _stem(word: str) -> str:
    """Return a word without what endings may change: more of a longer one."""
    if word.startswith("järjestö"):
        return "järjestö"  # an association; järjestää is to organise
    return word if len(word) < _SHORT else word[:-1] if len(word) == _SHORT else word[: -2 if len(word) < _LONG else -3]


def says_time(words: str, edtf: str) -> bool:
    """Whether words name a time at all: its year, its day, or its season."""
    lower = words.casefold()
    for year, second in re.findall(r"(\d{4})(?:-(\d\d))?", edtf):
        if year in lower or any(word in lower for word in _SEASON_WORDS.get(second, "").split()):
            return True
    return bool(_DAYS.search(lower))


def says_over(words: str, value: int) -> bool:
    """Whether words say that a number was passed: over 1500."""
    digits = r"[\s.,\u00a0]?".join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", str(value)))
    return bool(re.search(rf"\b(?:yli|över|over|more than|mer än)\s{digits}\b", words.casefold()))
