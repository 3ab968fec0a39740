"""Counts as people write them, in Finnish, Swedish and English.

20 · 1 130 · noin 20 · n. 20 · kymmenkunta · lähes 300 · yli 100 · 5–9 · 50+ · vähintään 30 · enintään 12 · useita.
A number is never invented for a vague word: «useita» stays a word.
"""

import re
from dataclasses import dataclass, replace

from dialogiverkko.graph.tables.cells import CellError, plain_dashes, tidy

EXAMPLES = "Write such as 20, noin 20, lähes 300, yli 100, 5–9 or vähintään 30."
_ABOUT = ("noin", "n.", "n", "suunnilleen", "arviolta", "ca", "ca.", "cirka", "circa", "omkring", "ungefär", "about",
          "around", "approximately", "approx.", "~", "≈", "c.", "reilu", "reilut", "vajaa", "vajaat", "lähes", "liki",
          "melkein", "nästan", "närmare", "inemot", "nearly", "almost", "close to", "some")  # fmt: skip
_LEAST = ("vähintään", "ainakin", "minst", "åtminstone", "at least", "≥", ">=", "min.", "min", "no fewer than")
_OVER = ("yli", "enemmän kuin", "över", "mer än", "fler än", "over", "more than", ">", "upwards of")
_MOST = ("enintään", "korkeintaan", "högst", "max", "max.", "at most", "up to", "≤", "<=", "no more than")
_UNDER = ("alle", "vähemmän kuin", "under", "färre än", "mindre än", "less than", "fewer than", "<")
_NUMBERS = {
    word: number
    for number, words in (
        (1, "yksi yhden en ett one"),
        (2, "kaksi kahden två two pari"),
        (3, "kolme kolmen tre three"),
        (4, "neljä neljän fyra four"),
        (5, "viisi viiden fem five"),
        (6, "kuusi kuuden sex six"),
        (7, "seitsemän sju seven"),
        (8, "kahdeksan åtta eight"),
        (9, "yhdeksän nio nine"),
        (10, "kymmenen tio ten"),
        (11, "yksitoista elva eleven"),
        (12, "kaksitoista tolv twelve tusina dussin dozen"),
        (13, "kolmetoista tretton thirteen"),
        (14, "neljätoista fjorton fourteen"),
        (15, "viisitoista femton fifteen"),
        (20, "kaksikymmentä tjugo twenty"),
        (30, "kolmekymmentä trettio thirty"),
        (40, "neljäkymmentä fyrtio forty"),
        (50, "viisikymmentä femtio fifty"),
        (100, "sata hundra hundred"),
        (1000, "tuhat tusen thousand"),
    )
    for word in words.split()
}
_ROUND = {
    "kymmenkunta": 10, "kymmenisen": 10, "parikymmentä": 20, "kolmisenkymmentä": 30, "nelisenkymmentä": 40,
    "viitisenkymmentä": 50, "puolensataa": 50, "puolisensataa": 50, "satakunta": 100, "satakolmekymmentä": 130,
    "parisataa": 200, "tuhatkunta": 1000, "parituhatta": 2000, "viitisentoista": 15, "kolmisen": 3, "viitisen": 5,
    "tusinan verran": 12, "ett tiotal": 10, "tiotal": 10, "ett tjugotal": 20, "tjugotal": 20, "ett trettiotal": 30,
    "ett femtiotal": 50, "femtiotal": 50, "ett hundratal": 100, "hundratal": 100, "a dozen": 12, "a score": 20,
}  # fmt: skip
_VAGUE = {
    word: name
    for name, words in (
        ("several", "useita useat useampi useampia muutama muutamia flera några several a few"),
        ("many", "moni monta monia många many"),
        ("numerous", "lukuisia lukuisat talrika numerous"),
        ("various", "erilaisia erinäisiä olika various"),
        ("often", "usein ofta often"),
        ("much", "paljon runsaasti mycket much"),
    )
    for word in [*words.split(), *(["a few"] if name == "several" else [])]
}
_GROUPED = re.compile(r"(\d{1,3})(?:[ .,'’](\d{3}))+")
_MILLION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:milj\.?|miljoonaa|milj\. ?euroa|miljoner|million|mn|M€)")
_UNIT = re.compile(r"^(?P<amount>.*?\d\+?)\s*(?P<unit>[^\W\d][^\d]*|€)$")


@dataclass(frozen=True)
class Amount:
    """A number, a range, a bound on one side, or a vague word that stays a word."""

    value: int | None = None
    least: int | None = None
    most: int | None = None
    approximate: bool = False
    vague: str = ""
    unit: str = ""
    """The words of the unit, where the cell holds them too."""


def _number(text: str) -> int:
    """Return one whole number, in digits or in a word."""
    word = text.strip()
    if _GROUPED.fullmatch(word):
        return int(re.sub(r"\D", "", word))
    if re.fullmatch(r"\d+", word):
        return int(word)
    if match := _MILLION.fullmatch(word):
        return round(float(match[1].replace(",", ".")) * 1_000_000)
    if word.casefold() in _NUMBERS:
        return _NUMBERS[word.casefold()]
    if re.fullmatch(r"[-–]\s*\d+", word):
        raise CellError("negative-count", f"«{text}» is less than none.", "Write how many there were, or nothing.")
    if re.fullmatch(r"\d+[.,]\d+", word):
        if float(word.replace(",", ".")).is_integer():
            return int(float(word.replace(",", ".")))  # a spreadsheet's 20.0
        raise CellError("not-whole", f"«{text}» is no whole number.", "Write a whole number, or 5–9 for a range.")
    raise CellError("not-a-count", f"«{text}» is no count that can be read.", EXAMPLES)


def _after(text: str, words: tuple[str, ...]) -> str | None:
    """Return what follows one of the words at the beginning, or None."""
    lower = text.casefold()
    for word in sorted(words, key=len, reverse=True):
        if lower.startswith(word) and (not word[-1].isalpha() or lower[len(word) :][:1].isspace()):
            return text[len(word) :].strip()
    return None


def _split_unit(text: str) -> tuple[str, str]:
    """Return the amount and the words after it: «noin 50 dialogia» is «noin 50» and «dialogia»."""
    match = _UNIT.fullmatch(text)
    if match and not _MILLION.fullmatch(text):
        return match["amount"].strip(), match["unit"].strip()
    return text, ""


def read_amount(cell: str) -> Amount:
    """Return the amount that a cell means; raise CellError with what would be right."""
    text = plain_dashes(re.sub(r"(?<=\d)\s*-\s*(?=\d)", "–", tidy(cell)))
    lower = text.casefold()
    if lower in _ROUND:
        return Amount(_ROUND[lower], approximate=True)
    if lower in _VAGUE:
        return Amount(vague=_VAGUE[lower])
    text, unit = _split_unit(text)
    return replace(_bare(text), unit=unit)


def _bare(text: str) -> Amount:
    """Return the amount of a text without its unit."""
    for words, form in ((_LEAST, "least"), (_OVER, "least"), (_MOST, "most"), (_UNDER, "most")):
        rest = _after(text, words)
        if rest is not None:
            number, beyond = _number(rest), words is _OVER or words is _UNDER
            return (
                Amount(least=number, approximate=beyond) if form == "least" else Amount(most=number, approximate=beyond)
            )
    if text.endswith("+"):
        return Amount(least=_number(text[:-1]))
    rest = _after(text, _ABOUT)
    if rest is not None:
        return replace(_bare(rest), approximate=True)
    if text.casefold() in _ROUND:
        return Amount(_ROUND[text.casefold()], approximate=True)
    pair = re.split(r"–|\.{2,3}|…", text)
    if len(pair) == 2 and all(part.strip() for part in pair):
        least, most = _number(pair[0]), _number(pair[1])
        if least > most:
            raise CellError("range-backwards", f"«{text}» runs downwards.", f"Is it {most}–{least}?")
        return Amount(least=least, most=most) if least < most else Amount(least)
    return Amount(_number(text))
