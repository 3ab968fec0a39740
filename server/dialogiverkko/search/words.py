"""Words as they are compared: small letters, without inflection, and near to one another.

A key is one letter and a word: ``x`` the form as written, ``f`` ``s`` ``e`` the stem in Finnish, Swedish or English,
``c`` the Finnish stem without its grade (*kunta*, *kunnan*, *kuntien*), of which the Snowball stemmers know nothing.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import takewhile

import Stemmer

from dialogiverkko.namespaces import LANGUAGES

_OWN = frozenset("åäö")
"""Letters of their own in Finnish and Swedish, which are no a or o with something on it."""
_PLAIN = {"æ": "ä", "ø": "ö", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ŋ": "ng"}
_BARE = str.maketrans("åäö", "aao")
_USUAL = re.compile(r"[\x00-\x7fåäöÅÄÖ]*")
"""Texts whose small letters are all that there is to do: nearly all texts, and several times as fast."""
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)+")
_POSSESSIVE = re.compile(r"(?<=\w)['’´]s?\b")
_NAMES: dict[str, str] = dict(zip(LANGUAGES, ("finnish", "swedish", "english"), strict=True))
_MARKS = dict(zip(LANGUAGES, "fse", strict=True))
_LEAST_STEM = 3
_DIMINISHED = re.compile(r"(?<=i)nen$")
"""The end of words such as *ihminen* and *saamelainen*, which have an s in all other forms."""
_DIPHTHONGS = ("au", "ou", "eu", "iu", "äy", "öy", "ey")
"""Ends of stems that stay whole: of *erätauko* the stemmer takes its end for a particle."""
_GRADES = (
    (re.compile(r"[aeiouyäö]j$"), ""),
    (re.compile(r"(?<=[nlrm])[tdnlrmp]$|(?<=[lrh])k$|(?<=s)t$"), ""),
    (re.compile(r"(uu|yy)(?:ks|s|d)$"), r"\1t"),
    (re.compile(r"ks$"), "s"),
    (re.compile(r"n[kg]$"), "nk"),
    (re.compile(r"([kpt])\1$"), r"\1"),
    (re.compile(r"d$"), "t"),
    (re.compile(r"(?<=[aeiouyäö])k$"), ""),
)
"""The ends of Finnish stems that differ by grade or number only: raat- raad- raatej-, kunt- kunn-, tauk- tau-."""
_COARSE, _STEM, _OTHER_STEM = 0.8, 0.92, 0.85
"""How well a key fits: the stem without its grade, the stem in the language of the search, and in another."""
STOPPED = {
    "fi": frozenset("ja tai sekä on ei se että joka mikä mitkä mitä missä mistä mihin".split()),  # noqa: SIM905
    "sv": frozenset("och eller i på av med för om att en ett den det de till som är vad vilka".split()),  # noqa: SIM905
    "en": frozenset("and or of in on the a an to for with by is are at from what which".split()),  # noqa: SIM905
}
"""Words that a search in a language may lack: what else it says decides."""
_SHORTEST = 4


def folded(text: str) -> str:
    """Return a text in small letters; å, ä and ö stay, other letters lose their accents."""
    if _USUAL.fullmatch(text):
        return text.lower()
    return "".join(map(_letter, unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=1024)
def _letter(letter: str) -> str:
    if letter.isascii() or letter in _OWN:
        return letter
    return _PLAIN.get(letter) or unicodedata.normalize("NFD", letter)[0]


def split(text: str) -> list[str]:
    """List the words of a text as they are compared."""
    return _WORD.findall(folded(_POSSESSIVE.sub("", text)))


def joined(text: str) -> list[str]:
    """List the words with a hyphen as they are written without it: *well-being*, *Etelä-Savo*."""
    return ["".join(_WORD.findall(each)) for each in _JOINED.findall(folded(text))]


def bare(word: str) -> str:
    """Return a word as someone writes it whose keyboard has no å, ä and ö."""
    return word.translate(_BARE)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> "Stemmer.Stemmer":
    return Stemmer.Stemmer(_NAMES[language])


def stem(word: str, language: str) -> str:
    """Return a word without its inflection."""
    return str(_stemmer(language).stemWord(word)) or word


def coarse(word: str) -> str:
    """Return the Finnish stem of a word without its last vowel and its grade."""
    found = stem(_DIMINISHED.sub("s", word), "fi")
    if len(found) > _LEAST_STEM and found[-1] in "aeiouyäö" and found[-2:] not in _DIPHTHONGS:
        found = found[:-1]
    for pattern, weak in _GRADES:
        if len(found) > _LEAST_STEM:
            found = pattern.sub(weak, found)
    return found


@lru_cache(maxsize=50_000)
def keys(word: str, language: str) -> tuple[str, ...]:
    """List the keys by which a word of a text in some language is found; of no language of ours, its form alone."""
    if language not in _MARKS:
        return (f"x{word}",)
    found = [f"x{word}", _MARKS[language] + stem(word, language)]
    return (*found, f"c{coarse(word)}") if language == "fi" else tuple(found)


def qualities(word: str, language: str) -> dict[str, float]:
    """Return the keys that a word of a search may mean, each with how well it fits, from 0 to 1."""
    found = {f"c{coarse(word)}": _COARSE}
    for each, mark in _MARKS.items():
        found[mark + stem(word, each)] = _STEM if each == language else _OTHER_STEM
    found[f"x{word}"] = 1.0
    return found


def parts(word: str, language: str) -> tuple[str, ...]:
    """List what a text may hold that speaks of a word: the word, or what is left of it without its inflection."""
    stems = {stem(word, language)}
    if language == "fi":
        shared = takewhile(lambda pair: pair[0] == pair[1], zip(word, coarse(word), strict=False))
        stems.add("".join(letter for letter, _ in shared))
    return (word, *sorted(each for each in stems - {word} if len(each) >= _SHORTEST))
