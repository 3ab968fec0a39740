"""Writes the small pieces that rows of pages are made of: names, links to things, passages as quoted evidence.

A page has hundreds of them, and most stand on many pages; each is written once for a graph and a language.
"""

from collections.abc import Sequence
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.web.site import sources
from dialogiverkko.web.site.index import Index, Text, address, is_page

_MOST = 8_192
"""Pieces of one kind that are remembered: a few megabytes in all."""


def named(text: Text, language: str) -> Markup:
    """Write a text, and say its language where that is not the page's."""
    other = Markup(' lang="{}"').format(text.language) if text.language not in ("", language) else ""
    return Markup(f"<span{other}>{escape(text.value)}</span>")  # noqa: S704 - both parts are escaped


@lru_cache(maxsize=_MOST)
def linked(index: Index, language: str, iri: str) -> Markup:
    """Write the name of a thing as a link to its page."""
    name = named(index.label(iri, language), language)
    return Markup(f'<a href="{escape(address(iri, language))}">{name}</a>')  # noqa: S704 - as above


@lru_cache(maxsize=_MOST)
def quoted(index: Index, language: str, passage: Passage) -> Markup:  # noqa: ARG001 - messages are told in it
    """Write the words of a passage, or that it is the whole page."""
    if is_page(passage):
        whole = _("the whole page") if sources.fragment(index, passage) else _("the whole source")
        return Markup('<span class="whole-page">{}</span>').format(whole)
    words = passage.exact or f"{passage.opening} … {passage.closing}"
    return Markup('<q lang="{}">{}</q>').format(sources.language_of(index, passage), words)


@lru_cache(maxsize=_MOST)
def placed(index: Index, language: str, passage: Passage, single: str | None = None) -> Markup:
    """Write where a passage stands, with a link to the words in their own page; ``single`` is a source not to name."""
    spot, there = sources.spot(index, passage), sources.fragment(index, passage)
    is_named = passage.document != single and len(index.all("SourceDocument")) > 1
    host = sources.host(index, passage.document, language)
    place = ", ".join([*([host] if is_named else []), *([spot] if passage.line else [])]) or _("words of the page")
    out = Markup("")
    if there:
        opens = _("Open the original page at this phrase")
        words = f"{opens}, {spot if passage.line else host}: {passage.exact or passage.opening}"
        link = Markup('\n<a class="out" href="{}" rel="noreferrer" aria-label="{}" title="{}">↗</a>')
        out = link.format(there, words, opens)
    line = Markup('<span class="where"><a class="line" href="{}">{}</a>{}</span>')
    return line.format(address(passage.iri, language), place, out)


@lru_cache(maxsize=_MOST)
def cited(index: Index, language: str, passage: Passage, single: str | None) -> Markup:
    """Write a passage with where it stands, as an item of a list of evidence."""
    return Markup("<li>{} {}</li>").format(quoted(index, language, passage), placed(index, language, passage, single))


def proof(index: Index, language: str, passages: Sequence[Passage], single: str | None = None, most: int = 0) -> Markup:
    """Write passages as a list of evidence; nothing where there are none, and folded where they are many more than most."""
    told = passages[:most] if most and len(passages) > most + 1 else passages
    rows = [cited(index, language, each, single) for each in told]
    if len(told) < len(passages):
        rest = len(passages) - len(told)
        more = Markup("<li><details><summary>{}</summary>{}</details></li>")
        words = ngettext("and %(num)s more", "and %(num)s more", rest)
        rows.append(more.format(words, proof(index, language, passages[most:], single)))
    return Markup('<ul class="proof">{}</ul>').format(Markup("").join(rows)) if rows else Markup("")
