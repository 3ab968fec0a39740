"""Tells fuzzy times and numbers as people do, in three languages."""

import datetime as dt

from babel.dates import format_date

_SEASONS = {
    21: {
        "fi": ("kevät", "keväästä", "kevääseen"),
        "sv": ("våren", "våren", "våren"),
        "en": ("spring", "spring", "spring"),
    },
    22: {
        "fi": ("kesä", "kesästä", "kesään"),
        "sv": ("sommaren", "sommaren", "sommaren"),
        "en": ("summer", "summer", "summer"),
    },
    23: {
        "fi": ("syksy", "syksystä", "syksyyn"),
        "sv": ("hösten", "hösten", "hösten"),
        "en": ("autumn", "autumn", "autumn"),
    },
    24: {
        "fi": ("talvi", "talvesta", "talveen"),
        "sv": ("vintern", "vintern", "vintern"),
        "en": ("winter", "winter", "winter"),
    },
}
_FI_MONTHS = ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"]
_FROM = {"fi": "{0} {1}", "sv": "från {0} till {1}", "en": "from {0} to {1}"}
_FIRST_SEASON = 21


def _unit(unit: str, language: str, case: int) -> str:
    year, *rest = unit.split("-")
    if not rest:
        if language == "fi":
            return (year, f"vuodesta {year}", f"vuoteen {year}")[case]
        return year
    number = int(rest[0])
    if number >= _FIRST_SEASON:
        return f"{_SEASONS[number][language][case]} {year}"
    if len(rest) == 1:
        if language == "fi":
            ending = ("kuu", "kuusta", "kuuhun")[case]
            return f"{_FI_MONTHS[number - 1]}{ending} {year}"
        return format_date(dt.date(int(year), number, 1), "MMMM y", locale=language)
    day = dt.date(int(year), number, int(rest[1]))
    return format_date(day, "d.M.y" if language == "fi" else "d MMMM y", locale=language)


def tell(expression: str, language: str) -> str:
    """Tell an EDTF expression in words, such as «syksystä 2020 kevääseen 2021».

    Days in Finnish are told by numbers and a dash, as is the custom: «26.4.2021–11.6.2021».
    """
    first, _, last = expression.partition("/")
    if not last or last == first:
        return _unit(first, language, 0)
    if language == "fi" and first.count("-") == 2 and last.count("-") == 2:
        return f"{_unit(first, language, 0)}–{_unit(last, language, 0)}"
    return _FROM[language].format(_unit(first, language, 1), _unit(last, language, 2))


def day(iso: str, language: str) -> str:
    """Tell one day."""
    return _unit(iso, language, 0)
