"""Literals of an answer as readers write them: yes or no, a day of the calendar."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from flask_babel import gettext as _

from dialogiverkko.graph import dates
from dialogiverkko.namespaces import XSD

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def said(value: Mapping[str, str], language: str) -> str:
    """Write a literal of SPARQL results JSON as readers do: yes or no, a day of the calendar.

    A value that is not of its datatype is told as it stands.
    """
    told, datatype = value["value"], value.get("datatype", "").removeprefix(XSD)
    if datatype == "boolean" and told in _TRUTHS:
        return str(_("Yes") if _TRUTHS[told] else _("No"))
    if datatype == "date":
        with suppress(ValueError):
            return dates.day(date.fromisoformat(told).isoformat(), language)
    return told
