"""Times as people write them, in Finnish, Swedish and English, made into EDTF.

12.3.2022 · 1.–3.2.2022 · 3/2023 · Q3/2023 · kevät 2025 · syksy 2020–kevät 2021 · n. 2019 · 1.3.2022 alkaen · 2010-luku,
and EDTF itself, which passes through.
"""

import calendar
import datetime as dt
import re

from dialogiverkko.graph.tables.cells import CellError, plain_dashes, tidy

EXAMPLES = "Write such as 12.3.2022, 1.–3.2.2022, 3/2023, Q3/2023, kevät 2025 or 2023."
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "tammikuu januari january jan",
            "helmikuu februari february feb",
            "maaliskuu mars march mar",
            "huhtikuu april apr",
            "toukokuu maj may",
            "kesäkuu juni june jun",
            "heinäkuu juli july jul",
            "elokuu augusti august aug",
            "syyskuu september sept sep",
            "lokakuu oktober october okt oct",
            "marraskuu november nov",
            "joulukuu december dec",
        ),
        1,
    )
    for name in names.split()
}
_SEASONS = {
    name: number
    for number, names in (
        (21, "kevät kevään keväällä keväänä keväästä vår våren spring"),
        (22, "kesä kesän kesällä kesänä kesästä sommar sommaren summer"),
        (23, "syksy syksyn syksyllä syksynä syksystä höst hösten autumn fall"),
        (24, "talvi talven talvella talvena talvesta vinter vintern winter"),
    )
    for name in names.split()
}
_QUARTERS = {"1": 33, "2": 34, "3": 35, "4": 36, "i": 33, "ii": 34, "iii": 35, "iv": 36}
_ABOUT = re.compile(r"^(?:n\.|noin|ca\.?|cirka|circa|c\.|about|around|omkring|vuoden (?=\d))\s*", re.IGNORECASE)
_FROM = re.compile(
    r"^(?:alkaen|from|från(?: och med)?|since|fr\.?o\.?m\.?)\s+|\s+(?:alkaen|lähtien|onwards)$|–$", re.IGNORECASE
)
_UNTIL = re.compile(r"^(?:until|till|t\.?o\.?m\.?|–)\s*|\s+(?:asti|saakka|mennessä)$", re.IGNORECASE)
_YEAR_WORD = re.compile(r"^(?:vuosi|vuonna|vuodet|vuosina|vv?\.|åren|år|years?|in)\s+(?=\d)", re.IGNORECASE)
_CLOCK = re.compile(r",?\s*(?:klo|kl\.?|at)\s*\d{1,2}(?:[.:]\d\d)?(?:\s*–\s*\d{1,2}(?:[.:]\d\d)?)?$", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(?<=\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?$")
"""What a spreadsheet puts after a day, whose hour no fact tells."""
_WEEKDAY = re.compile(
    r"^(?:ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön|mon|tue|wed|thu|fri|sat|sun)\.?,?\s+(?=\d)", re.IGNORECASE
)
_EDTF_UNIT = re.compile(r"(\d{4}|\d{3}X|\d\dXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[?~%]?")
_SECONDS = {*range(1, 13), *range(21, 25), *range(33, 37)}
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
_SHORTEST_MONTH = 3


def _bad_day(day: str, year: int, month: int) -> CellError:
    """Say that a month has no such day, or a year no such month."""
    if not 1 <= month <= 12:
        return CellError("no-such-day", f"{day} is no day: there is no month {month}.", "Write day.month.year.")
    last = calendar.monthrange(year, month)[1]
    if day.startswith("0"):
        return CellError(
            "no-such-day", f"{day} is no day: days begin at 1.", "Write 5/2021 where only the month is known."
        )
    return CellError(
        "no-such-day", f"{day} is no day: month {month} of {year} has {last} days.", f"Is it {last}.{month}.{year}?"
    )


def _day(day: int, month: int, year: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise _bad_day(f"{day}.{month}.{year}", year, month) from None


def _month(month: int, year: int) -> str:
    if not 1 <= month <= 12:
        raise CellError("no-such-day", f"{month}/{year} names month {month}.", "A year has the months 1 to 12.")
    return f"{year}-{month:02}"


def _named_month(word: str) -> int | None:
    """Return the number of a month by its name in any case that it takes."""
    bare = word.casefold().rstrip(".")
    for ending in ("", "ssa", "n", "ta", "sta", "hun"):
        if bare.endswith(ending) and bare.removesuffix(ending) in _MONTHS:
            return _MONTHS[bare.removesuffix(ending)]
    if len(bare) > _SHORTEST_MONTH and f"{bare}kuu" in _MONTHS:  # tammi–maaliskuu
        return _MONTHS[f"{bare}kuu"]
    return None


def _unit(text: str, year: int | None = None, month: int | None = None) -> str:
    """Return one unit of time; year and month are those of the other end, where this end leaves them out."""
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day, month_, year_ = (int(part) for part in match.groups())
        return _day(day, month_, year_)
    if year and (match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?", text)):
        return _day(int(match[1]), int(match[2]), year)
    if year and month and (match := re.fullmatch(r"(\d{1,2})\.?", text)):
        return _day(int(match[1]), month, year)
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        year_, month_, day = (int(part) for part in match.groups())
        return _day(day, month_, year_)
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{4})", text):
        return _month(int(match[1]), int(match[2]))
    if year and (match := re.fullmatch(r"(\d{1,2})", text)):
        return _month(int(match[1]), year)
    if re.fullmatch(r"\d{4}", text):
        return text
    return _in_words(text, year)


def _in_words(text: str, year: int | None) -> str:
    """Return a unit that has a word in it: a quarter, a season, a month."""
    quarter = re.fullmatch(r"(?:q([1-4])[/ ]?(\d{4})?|(\d{4})[/ -]?q([1-4])|(iv|i{1,3})/(\d{4}))", text.casefold())
    if quarter:
        number = quarter[1] or quarter[4] or quarter[5]
        named = quarter[2] or quarter[3] or quarter[6] or year
        if named:
            return f"{named}-{_QUARTERS[number]}"
    if match := re.fullmatch(r"(\d{1,2})\.?\s+([^\W\d]+)\.?(?:\s+(\d{4}))?", text):
        month = _named_month(match[2])
        if month and (match[3] or year):
            return _day(int(match[1]), month, int(match[3] or year or 0))
    match = re.fullmatch(r"(?:([^\W\d]+)\.?,?\s*/?\s*(\d{4})?|(\d{4})\s+([^\W\d]+))", text)
    if match:
        word, named = (match[1] or match[4]).casefold(), match[2] or match[3] or year
        if named and (word in _SEASONS):
            return f"{named}-{_SEASONS[word]}"
        month = _named_month(word)
        if named and month:
            return _month(month, int(named))
    raise CellError("not-a-time", f"«{text}» is no time that can be read.", EXAMPLES)


def _interval(text: str) -> str:
    """Return the interval that two ends joined by a dash make; the first may borrow from the second."""
    first, _, last = text.partition("–")
    if re.fullmatch(r"\d{4}", first) and re.fullmatch(r"\d{4}", last):
        begin, end = first, last
    else:
        winter = re.fullmatch(r"([^\W\d]+)\s+(\d{4})", first)
        if winter and _SEASONS.get(winter[1].casefold()) == 24 and re.fullmatch(r"\d{2}|\d{4}", last):
            return f"{winter[2]}-24"
        end = _unit(last)
        year = int(end[:4])
        month = int(end[5:7]) if len(end) == 10 else None
        begin = _unit(first, year, month)
        if len(begin) == len(end) == 10 and begin > end and f"{year}" not in first:
            raise CellError("ends-before-begin", f"«{text}» ends before it begins.", "Write the earlier day first.")
    if begin == end:
        return begin
    return in_order(f"{begin}/{end}", text)


def in_order(edtf: str, text: str) -> str:
    """Return the expression, or say that its end comes before its beginning."""
    first, _, last = edtf.partition("/")
    if last and _rank(first) > _rank(last, end=True):
        raise CellError("ends-before-begin", f"«{text}» ends before it begins.", f"Is it {last}/{first}?")
    return edtf


def _rank(unit: str, *, end: bool = False) -> tuple[int, float]:
    """Return what puts units in order: the year, and where in the year a unit begins, or ends."""
    year = int(unit[:4].replace("X", "9" if end else "0"))
    second, day = unit[5:7], unit[8:10]
    if not second.isdigit():
        return year, 99 if end else 0
    begins, ends = {21: 0, 22: 5, 23: 7, 24: 11, 33: 0, 34: 3, 35: 6, 36: 9}, {21: 5, 22: 7, 23: 11, 24: 13}
    month = begins.get(int(second), int(second) - 1)
    if end and int(second) > 12:
        month = ends.get(int(second), month + 2)
    return year, month + (int(day) / 100 if day.isdigit() else 0.99 if end else 0)


def _check_unit(part: str, text: str) -> bool:
    """Whether a part is a unit of EDTF; raises CellError where it has the form of one and names no day."""
    match = _EDTF_UNIT.fullmatch(part)
    if match is None:
        return False
    year, second, day = match.groups()
    if second and second.isdigit() and int(second) not in _SECONDS:
        raise CellError(
            "no-such-day",
            f"«{text}» names month {second}.",
            "A year has the months 01 to 12; 21 to 24 are its seasons.",
        )
    if day and day.isdigit() and year.isdigit() and second.isdigit():
        _day(int(day), int(second), int(year))
    return True


def _passes(text: str) -> str | None:
    """Return an EDTF expression as it is, or None where the text is no attempt at one."""
    if re.fullmatch(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}", text):
        raise CellError("ambiguous-time", f"«{text}» may name two days.", "Write day.month.year, such as 12.3.2022.")
    ends = text.split("/")
    if len(ends) > 2 or not all(end == ".." or _check_unit(end, text) for end in ends) or ends == [".."]:
        return None
    return text if ".." in ends else in_order(text, text)


def read_time(cell: str) -> str:
    """Return the EDTF expression that a cell means; raise CellError with what would be right."""
    text = _WEEKDAY.sub("", _TIME_OF_DAY.sub("", tidy(cell)))
    passed = _passes(text)
    if passed:
        return passed
    if _SERIAL.fullmatch(text):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text)))
        raise CellError(
            "serial-number",
            f"«{cell}» looks like a spreadsheet's number of a day.",
            f"Is it {_told(day)}? Write the day.",
        )
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2}", text):
        raise CellError(
            "ambiguous-time", f"«{cell}» has a year of two digits.", f"Write the year whole: {text[:-2]}20{text[-2:]}."
        )
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.?", text):
        raise CellError("ambiguous-time", f"«{cell}» has no year.", "Write day.month.year, such as 12.3.2022.")
    if match := re.fullmatch(r"(\d{3})0[-–](?:luku|luvulla|luvun|tal|talet)|(\d{3})0s", text):
        return f"{match[1] or match[2]}X"
    text = _CLOCK.sub("", plain_dashes(re.sub(r"(?<=[\w.])\s*-\s*(?=\w)", "–", text)))
    text = re.sub(r"(?<=\d\d\d\d)/(?=\d{1,2}\.)|(?<=\d\d\d\d)–(?=[Qq][1-4])", lambda m: {"/": "–"}.get(m[0], " "), text)
    return _hedged(_YEAR_WORD.sub("", text))


def _told(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _hedged(text: str) -> str:
    """Return what is left when «about», «from» and «until» are taken off, with their marks."""
    if text.endswith("?") and len(text) > 1:
        return _hedged(text[:-1].rstrip()) + "?"
    bare = _ABOUT.sub("", text)
    if bare != text:
        found = _hedged(bare)
        return found if "/" in found or ".." in found else f"{found}~"
    for pattern, form in ((_FROM, "{}/.."), (_UNTIL, "../{}")):
        bare = _YEAR_WORD.sub("", pattern.sub("", text, count=1))
        if bare != text:
            return form.format(_unit(bare))
    return _interval(text) if "–" in text else _unit(text)
