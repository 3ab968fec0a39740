"""What a reader would correct: one statement of a thing, found again by its key, and the message that names it."""

import hashlib
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph import counts, dates
from dialogiverkko.graph.source.passages import Passage
from dialogiverkko.namespaces import BASE, DLG, ID, VOCAB
from dialogiverkko.settings import Settings
from dialogiverkko.web.site.headings import OUTGOING
from dialogiverkko.web.site.index import CV, Fact, Index, Text

KINDS: dict[str, LazyString] = {
    "words": _("The words do not say it"),
    "thing": _("It concerns the wrong thing"),
    "count": _("The number is wrong"),
    "time": _("The time is wrong"),
    "place": _("The place is wrong"),
    "name": _("The name is wrong"),
    "party": _("A party or its role is wrong"),
    "link": _("The link is wrong or leads nowhere"),
    "translation": _("The translation is wrong"),
    "other": _("Something else is wrong"),
}
"""What may be wrong with a fact."""
_NODES: dict[str, LazyString] = {
    CV + "hasParticipation": _("Parties"),
    DLG + "hasCount": _("Counts"),
    DLG + "hasTimeSpan": _("Time"),
    DLG + "hasObjective": _("Objectives"),
    DLG + "hasStatusStatement": _("Status over time"),
}
_LONGEST = 300
_PASSAGES = 5


@dataclass(frozen=True)
class Statement:
    """One fact as a page shows it: under which heading, its value in words, the passages that say it."""

    predicate: str
    heading: str
    value: str
    evidence: tuple[Passage, ...]


@dataclass(frozen=True)
class Way:
    """Where a message goes: an address that opens it, and whether it takes the text along."""

    address: str
    is_filled: bool


def key(predicate: str, value: NamedNode | Literal) -> str:
    """Return the short name of a fact of a thing, the same as long as the fact is."""
    digest = hashlib.sha256(f"{predicate} {value}".encode()).hexdigest()
    return f"{predicate.rstrip('/').rsplit('/', 1)[-1].rsplit('#', 1)[-1]}-{digest[:10]}"


def short(iri: str) -> str:
    """Return the name of a thing of ours in an address."""
    return iri.removeprefix(ID).removeprefix(BASE)


def statement(index: Index, iri: str, fact: str, language: str) -> Statement | None:
    """Find a fact of a thing by its key; return nothing where this version does not have it."""
    for predicate, value in index.statements(iri):
        if key(predicate, value) != fact:
            continue
        if predicate in _NODES:
            told = _of_node(index, value.value, predicate, language)
            return Statement(predicate, str(_NODES[predicate]), told, index.evidence(value.value))
        if predicate in OUTGOING:
            told = _worded(index, value, language)
            return Statement(predicate, str(OUTGOING[predicate]), told, _evidence(index, iri, predicate, value))
    return None


def _evidence(index: Index, iri: str, predicate: str, value: NamedNode | Literal) -> tuple[Passage, ...]:
    found: list[Fact] = index.facts(iri, (predicate,))
    return next((fact.evidence for fact in found if fact.value == value), ())


def _worded(index: Index, value: NamedNode | Literal, language: str) -> str:
    if isinstance(value, Literal) or not value.value.startswith((ID, VOCAB)):
        return value.value[:_LONGEST]
    return index.label(value.value, language).value


def _of_node(index: Index, node: str, predicate: str, language: str) -> str:
    """Write in words what a statement that hangs on a thing says."""
    if predicate == DLG + "hasCount":
        return counts.in_words(index, node, language)
    if predicate == DLG + "hasTimeSpan":
        return dates.in_words(index.value(node, DLG + "edtf"), language)
    if predicate == DLG + "hasObjective":
        return (index.text(node, language, DLG + "objectiveText") or Text("", language)).value[:_LONGEST]
    if predicate == DLG + "hasStatusStatement":
        status = index.label(index.value(node, DLG + "statedStatus"), language).value
        return ", ".join(part for part in (status, dates.day(index.value(node, DLG + "statedOn"), language)) if part)
    who = index.value(node, CV + "hasParticipant") or index.value(node, DLG + "participantKind")
    names = [index.label(each, language).value for each in (who, index.value(node, CV + "role")) if each]
    return ", ".join(names)


def message(index: Index, iri: str, found: Statement | None, kind: str, version: str, language: str) -> str:
    """Write the message that says what is to be corrected, for the reader to finish."""
    lines = [_line(gettext("Thing"), f"{index.label(iri, language).value} <{iri}>")]
    if found:
        lines.append(_line(gettext("Fact"), f"{found.heading} – {found.value}"))
    passages = found.evidence if found else ()
    if iri in index.passages:
        passages = (index.passages[iri],)
    word, place = gettext("Words of a source"), gettext("line")
    for passage in passages[:_PASSAGES]:
        words = passage.exact or f"{passage.opening} … {passage.closing}".strip(" …")
        at = f"{place} {passage.line} " if passage.line else ""
        lines.append(_line(word, f"«{words[:_LONGEST]}» {at}<{passage.iri}>" if words else f"<{passage.iri}>"))
    lines.append(_line(gettext("Version"), version))
    if kind:
        lines.append(_line(gettext("What is wrong"), str(KINDS[kind])))
    return "\n".join([*lines, _line(gettext("What would be right, and where it can be seen"), ""), ""])


def _line(name: str, value: str) -> str:
    return f"{name}: {value}"


def by_contact(settings: Settings, subject: str, body: str) -> Way | None:
    """Return the way by the contact that the publisher set: an e-mail that is filled in, or a page."""
    if not settings.contact:
        return None
    if settings.contact.startswith("https://"):
        return Way(settings.contact, is_filled=False)
    filled = f"?subject={quote(subject)}&body={quote(body)}" if body else f"?subject={quote(subject)}"
    return Way(f"mailto:{settings.contact}{filled}", is_filled=bool(body))


def by_repository(settings: Settings, subject: str, body: str) -> Way | None:
    """Return the way by the repository that the publisher set: an issue that is filled in, where its host takes one."""
    if not settings.repository:
        return None
    home = settings.repository.rstrip("/").removesuffix(".git")
    host = urlsplit(home).hostname or ""
    if host in ("github.com", "codeberg.org"):
        return Way(f"{home}/issues/new?{urlencode({'title': subject, 'body': body})}", is_filled=True)
    if host.startswith("gitlab."):
        filled = urlencode({"issue[title]": subject, "issue[description]": body})
        return Way(f"{home}/-/issues/new?{filled}", is_filled=True)
    return Way(home, is_filled=False)
