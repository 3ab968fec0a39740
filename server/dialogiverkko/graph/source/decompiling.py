"""Turns the graph of a source back into a reading: how the first listing became a file that people edit."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.compiling import FORMS, ORGANISES
from dialogiverkko.graph.source.namebook import address
from dialogiverkko.graph.source.statements import LANGUAGES, PLAIN
from dialogiverkko.graph.source.text import SourceText, Span
from dialogiverkko.graph.source.triples import name
from dialogiverkko.namespaces import DLG, ID, RDF_TYPE, VOCAB

Mapping_ = dict[str, Any]
_OA = "http://www.w3.org/ns/oa#"
_KEYS = {PLAIN[key][0]: key for key in PLAIN}
_CODES = {code: short for short, code in LANGUAGES.items()}


class _Index:
    """The statements of a snapshot, by subject and predicate."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.said: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        for triple in snapshot.merged:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                self.said[triple.subject.value][triple.predicate.value].append(triple.object)

    def all(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a statement as texts, sorted."""
        return sorted(each.value for each in self.said[subject][name(predicate).value])

    def one(self, subject: str, predicate: str) -> str:
        """Return the value of a statement, or an empty text."""
        return next(iter(self.all(subject, predicate)), "")

    def words(self, subject: str, predicate: str) -> Mapping_:
        """Return a text in its languages, Finnish first."""
        found = {o.language: o.value for o in self.said[subject][name(predicate).value] if isinstance(o, Literal)}
        return {language: found[language] for language in ("fi", "sv", "en") if language in found}

    def is_a(self, subject: str, kind: str) -> bool:
        """Whether a thing is of a class of ours."""
        return DLG + kind in (each.value for each in self.said[subject][RDF_TYPE])

    def of_kind(self, kind: str) -> list[str]:
        """List the things of a class of ours."""
        return sorted(subject for subject in list(self.said) if self.is_a(subject, kind))


def slug(iri: str) -> str:
    """Return the name of a thing or concept."""
    return iri.rsplit("/", 1)[-1]


class Decompiler:
    """Reads one document of a snapshot back into the mapping of a reading."""

    def __init__(self, snapshot: Snapshot, document: str, text: SourceText) -> None:
        self.index, self.document, self.text = _Index(snapshot), document, text
        index = self.index
        mine = [p for p in index.of_kind("Passage") if index.one(p, "oa:hasSource") == document]
        self.spans = {p: self._span(p) for p in mine}
        self.items = sorted((p for p in mine if index.is_a(p, "ListItem")), key=lambda p: self.spans[p])
        self.sections = sorted((p for p in mine if index.is_a(p, "Section")), key=lambda p: self.spans[p].start)
        self.fine = [p for p in mine if p not in set(self.items) | set(self.sections)]
        self.covered: dict[str, set[str]] = defaultdict(set)
        self.homes = self._homes()

    def _span(self, passage: str) -> Span:
        position = next(s for s in self.index.all(passage, "oa:hasSelector") if self.index.one(s, "oa:start"))
        return Span(int(self.index.one(position, "oa:start")), int(self.index.one(position, "oa:end")))

    def _homes(self) -> dict[str, str]:
        """Find for each activity the item that says most of it."""
        homes = {}
        for activity in self.index.of_kind("Activity"):
            said = self.index.all(activity, "dlg:isEvidencedBy")
            items = [p for p in said if p in set(self.items)]
            if items:
                homes[activity] = max(
                    items, key=lambda i: sum(self.spans[i].holds(self.spans[p]) for p in said if p in self.spans)
                )
        return homes

    # --- quotations ----------------------------------------------------------------------------

    def quote(self, passage: str, item: str = "") -> str:
        """Write the words of a passage, as they are looked for from an item."""
        span = self.spans[passage]
        words = self.text.words(span)
        if len(words.split()) > 12:
            return "«" + " ".join(words.split()[:3]) + " …»"
        scope = self.spans[item] if item and self.spans[item].holds(span) else self._holder(span)
        found = list(self.text.occurrences(words, scope))
        nth = found.index(span) + 1
        return f"«{words}»" + (f"#{nth}" if nth > 1 else "")

    def _holder(self, span: Span) -> Span:
        row = self.text.row_at(span.start)
        return row.span if row else Span(0, len(self.text.text))

    def in_order(self, passages: Iterable[str]) -> list[str]:
        """Put passages in the order of the text."""
        return sorted((p for p in passages if p in self.spans), key=lambda p: self.spans[p])

    def said(self, value: str, passages: Iterable[str], item: str, thing: str = "") -> str:
        """Write a value and the words that say it."""
        listed = self.in_order(passages)
        for passage in listed:
            if thing:
                self.covered[passage].add(thing)
        return " ".join([value, *(self.quote(p, item) for p in listed)])

    # --- the whole -----------------------------------------------------------------------------

    def reading(self, slug_: str) -> Mapping_:
        """Return the mapping of the reading."""
        sections = [self._section(s) for s in self.sections if not self.index.one(s, "dlg:inSection")]
        found: Mapping_ = {"source": self._source(slug_)}
        event = self.index.one(self.document, "dlg:listsActivitiesOf")
        if event:
            found["event"] = self._event(event)
        whole = [g for g in self.index.of_kind("KnownGap") if self._is_of_intro(g)]
        found["gaps"] = [self._gap(g, "") for g in whole]
        found["remarks"] = [self._remark(r) for r in self.index.of_kind("Remark")]
        found["sections"] = sections
        self._leftovers(sections)
        return {key: value for key, value in found.items() if value}

    def _source(self, slug_: str) -> Mapping_:
        index, doc = self.index, self.document
        own_passages = [p for p in index.all(doc, "dlg:isEvidencedBy") if p not in set(self.items)]
        own_passages += [p for p in index.all(doc, "dlg:isEvidencedBy") if p in set(self.items)]
        found: Mapping_ = {
            "slug": slug_,
            "document": slug(doc),
            "passages": "lines",
            "kind": "listing",
            "title": index.words(doc, "skos:prefLabel"),
            "about": index.words(doc, "dcterms:description"),
            "page": index.one(doc, "foaf:page"),
            "publisher": slug(index.one(doc, "dcterms:publisher")),
            "see-also": index.all(doc, "rdfs:seeAlso"),
            "issued": index.one(doc, "dcterms:issued"),
            "reference-date": index.one(doc, "dlg:referenceDate"),
            "language": _CODES.get(slug(index.one(doc, "dcterms:language")), "fi"),
            "sha256": index.one(doc, "dlg:sha256"),
            "words": [self.quote(p) for p in own_passages],
        }
        return {key: value for key, value in found.items() if value}

    def _event(self, event: str) -> Mapping_:
        found = self._activity(event, "", is_main=True)
        nodes = sorted(self.index.all(event, "cv:hasParticipation"), key=lambda n: int(slug(n)))
        found["participants"] = [
            self.said(slug(who), self.index.all(node, "dlg:isEvidencedBy"), "", who)
            for node in nodes
            for who in self.index.all(node, "cv:hasParticipant")
        ]
        found.pop("parties", None)
        said = [p for p in self.index.all(event, "dlg:isEvidencedBy") if p in self.spans]
        bare = [
            i for i in said if i in self.items and not any(self.spans[i].holds(self.spans[p]) for p in said if p != i)
        ]
        if bare:
            found["words"] = [*found.get("words", []), *(self.quote(i) for i in bare)]
        return found

    def _is_of_intro(self, gap: str) -> bool:
        return all(
            self._top(self.index.one(p, "dlg:inSection")) not in self._about_sections()
            for p in self.index.all(gap, "dlg:isEvidencedBy")
        )

    def _about_sections(self) -> set[str]:
        return {s for s in self.sections if self.index.one(s, "dlg:sectionAbout")}

    def _top(self, section: str) -> str:
        holder = self.index.one(section, "dlg:inSection")
        return self._top(holder) if holder else section

    def _heading_span(self, section: str) -> Span | None:
        """Return the heading of a section: its first line, where that is no item."""
        row = self.text.row_at(self.spans[section].start)
        if row is None or any(self.spans[i].start == row.span.start for i in self.items):
            return None
        return row.span

    def _section(self, section: str) -> Mapping_:
        index = self.index
        found: Mapping_ = {}
        heading = self._heading_span(section)
        if heading is not None:
            found["heading"] = f"«{self.text.words(heading)}»"
        about, holder = index.one(section, "dlg:sectionAbout"), index.one(section, "dlg:inSection")
        if about and about != index.one(holder, "dlg:sectionAbout"):
            found["about"] = slug(about)
        own = section.rsplit("/section/", 1)[-1]
        default = found.get("about", "")
        if holder:
            default = holder.rsplit("/section/", 1)[-1] + "-" + self.text.words(heading).lower() if heading else ""
        if own != default:
            found["id"] = own
        kind = slug(index.one(section, "dlg:sectionKind"))
        if kind != "main":
            found["kind"] = kind
        found["items"] = [self._item(i) for i in self.items if index.one(i, "dlg:inSection") == section]
        found["sections"] = [self._section(s) for s in self.sections if index.one(s, "dlg:inSection") == section]
        found["#"] = section
        return {key: value for key, value in found.items() if value}

    def _item(self, item: str) -> Mapping_:
        index = self.index
        found: Mapping_ = {"words": self._opening(item), "#": item}
        if index.one(item, "dlg:isNonFactual"):
            found["says-nothing"] = "yes"
        activities = [a for a in index.of_kind("Activity") if item in index.all(a, "dlg:isEvidencedBy")]
        event = index.one(self.document, "dlg:listsActivitiesOf")
        told = [
            self._activity(a, item, is_main=self.homes[a] == item) for a in self._sorted(activities, item) if a != event
        ]
        if told:
            found["activity"] = told
        memberships = [m for m in self._memberships() if item in index.all(m, "dlg:isEvidencedBy")]
        if memberships:
            found["membership"] = [
                {"member": slug(index.one(m, "org:member")), "of": slug(index.one(m, "org:organization"))}
                for m in memberships
            ]
            for each in memberships:
                self.covered[item] |= set(index.all(each, "org:organization")) & set()
        gaps = [
            g
            for g in index.of_kind("KnownGap")
            if not self._is_of_intro(g) and item in index.all(g, "dlg:isEvidencedBy")
        ]
        if gaps:
            found["gap"] = [self._gap(g, item) for g in gaps]
        facts = self._facts(item)
        if facts:
            found["fact"] = facts
        return found

    def _memberships(self) -> list[str]:
        return sorted(
            s for s in self.index.said if self.index.one(s, "org:organization") and self.index.one(s, "org:member")
        )

    def _sorted(self, activities: list[str], item: str) -> list[str]:
        def first(activity: str) -> tuple[int, int, str]:
            inside = [self.spans[p] for p in self.index.all(activity, "dlg:isEvidencedBy") if p in self.spans]
            inside = [span for span in inside if self.spans[item].holds(span) and span != self.spans[item]]
            return (min((s.start for s in inside), default=0), max((s.start for s in inside), default=0), activity)

        return sorted(activities, key=first)

    def _opening(self, item: str) -> str:
        words = self.text.words(self.spans[item]).split(" ")
        for many in range(1, 7):
            opening = " ".join(words[:many])
            same = [i for i in self.items if self.text.words(self.spans[i]).startswith(opening)]
            if len(same) == 1 and (many >= 2 or len(words) == 1):
                return f"«{opening}»"
        return f"«{' '.join(words[:7])}»"

    # --- activities ----------------------------------------------------------------------------

    def _here(self, passages: Iterable[str], item: str, *, is_main: bool) -> list[str]:
        """Return those passages that are told with this item: its own, and headings with the main one."""
        own = []
        for passage in passages:
            if passage not in self.spans:
                continue
            holder = self.index.one(passage, "dcterms:isPartOf")
            if not item or holder == item or passage == item or (is_main and not holder and passage not in self.items):
                own.append(passage)
        return own

    def _activity(self, activity: str, item: str, *, is_main: bool) -> Mapping_:
        index = self.index
        found: Mapping_ = {}
        form = next((key for key, kind in FORMS.items() if index.is_a(activity, kind.removeprefix("dlg:"))), "unstated")
        if is_main:
            found = {"id": slug(activity), "form": form}
            found["name"] = index.words(activity, "skos:prefLabel")
            found["about"] = index.words(activity, "dcterms:description")
            also = index.words(activity, "skos:altLabel")
            if also:
                found["also"] = also
        else:
            found["adds-to"] = slug(activity)
        evidence = self._here(index.all(activity, "dlg:isEvidencedBy"), item, is_main=is_main)
        used: set[str] = {item} if item else set(self.items)
        self._status(activity, evidence, item, found, used, is_main=is_main)
        self._plain(activity, evidence, item, found, used, is_main=is_main)
        self._ordinal(activity, evidence, item, found, used, is_main=is_main)
        self._questions(activity, evidence, item, found, used, is_main=is_main)
        self._nodes(activity, item, found, is_main=is_main)
        rest = [p for p in self.in_order(evidence) if p not in used]
        if rest:
            found["words"] = [self.quote(p, item) for p in rest]
        return found

    def _status(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        node = next((n for n in self.index.all(activity, "dlg:hasStatusStatement") if "/status/x-" not in n), "")
        status = self.index.one(node, "dlg:statedStatus") or self.index.one(activity, "dlg:hasRealisationStatus")
        quotes = [p for p in evidence if status in self.index.all(p, "dlg:mentions")]
        if status and (is_main or quotes):
            used |= set(quotes)
            found["status"] = self.said(slug(status), quotes, item, status)

    def _plain(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        for key, (predicate, _) in PLAIN.items():
            values: list[tuple[Span, str]] = []
            for value in self.index.all(activity, predicate):
                quotes = [p for p in evidence if value in self.index.all(p, "dlg:mentions")]
                if predicate == "dlg:hasOpenness" and slug(value) == "unstated":
                    continue
                if quotes or is_main:
                    used |= set(quotes)
                    first = min((self.spans[p] for p in quotes), default=Span(0, 0))
                    values.append((first, self.said(self._short(value), quotes, item, value)))
            if values:
                texts = [text for _, text in sorted(values)]
                found[key.replace("_", "-")] = texts[0] if len(texts) == 1 else texts

    def _short(self, iri: str) -> str:
        """Write a name, with its kind where several kinds have it."""
        base = iri.removeprefix(ID).removeprefix(VOCAB)
        kind, _, own = base.partition("/")
        same = [s for s in self.index.said if s.endswith("/" + own) and s != iri and s.count("/") == iri.count("/")]
        return f"{kind}:{own}" if same and kind in ("process", "instrument", "programme", "project") else own

    def _ordinal(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        ordinal = self.index.one(activity, "dlg:eventOrdinal")
        if ordinal and is_main:
            quotes = [p for p in evidence if p not in used and not self.index.all(p, "dlg:mentions")]
            used |= set(quotes)
            found["ordinal"] = self.said(ordinal, quotes, item)

    def _questions(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        question = self.index.words(activity, "dlg:guidingQuestion")
        if question and is_main:
            quotes = [p for p in evidence if p not in used and not self.index.all(p, "dlg:mentions")]
            used |= set(quotes)
            found["question"] = [{**question, "words": [self.quote(p, item) for p in self.in_order(quotes)]}]

    def _nodes(self, activity: str, item: str, found: Mapping_, *, is_main: bool) -> None:
        index = self.index
        parties = self._parties(activity, item, is_main=is_main)
        heading = parties.pop("heading-role", None)
        if heading:
            found["heading-role"] = heading
        if parties:
            found["parties"] = list(parties.values())
        nodes = [n for n in index.all(activity, "dlg:hasCount") if self._is_here(n, item)]
        if nodes:
            found["count"] = [self._count(n, item) for n in sorted(nodes, key=slug)]
        for node in index.all(activity, "dlg:hasTimeSpan"):
            if self._is_here(node, item):
                relative = " (relative)" if index.one(node, "dlg:resolvedAgainst") else ""
                found["time"] = self.said(
                    index.one(node, "dlg:edtf") + relative, index.all(node, "dlg:isEvidencedBy"), item
                )
        objectives = [n for n in index.all(activity, "dlg:hasObjective") if self._is_here(n, item)]
        if objectives:
            found["objective"] = [
                {
                    **index.words(n, "dlg:objectiveText"),
                    "words": [self.quote(p, item) for p in self.in_order(index.all(n, "dlg:isEvidencedBy"))],
                }
                for n in sorted(objectives, key=slug)
            ]

    def _is_here(self, node: str, item: str) -> bool:
        if not item:
            return True
        said = self.index.all(node, "dlg:isEvidencedBy")
        inside = [p for p in said if p == item or self.index.one(p, "dcterms:isPartOf") == item]
        return bool(inside)

    def _count(self, node: str, item: str) -> str:
        index = self.index
        value, low, high = (index.one(node, f"schema:{each}") for each in ("value", "minValue", "maxValue"))
        amount = value or (f"{low}-{high}" if high else f"{low}+" if low else slug(index.one(node, "dlg:quantifier")))
        if index.one(node, "dlg:isApproximate"):
            amount = "~" + amount
        per = f" per {slug(index.one(node, 'dlg:perUnit'))}" if index.one(node, "dlg:perUnit") else ""
        unit = slug(index.one(node, "dlg:countedUnit"))
        return self.said(f"{amount} {unit}{per}", index.all(node, "dlg:isEvidencedBy"), item)

    def _parties(self, activity: str, item: str, *, is_main: bool) -> Mapping_:
        index, found = self.index, {}
        nodes = [n for n in index.all(activity, "cv:hasParticipation") if self._is_here(n, item)]
        implied = [n for n in nodes if slug(index.one(n, "dlg:assertionBasis")) != "explicit"]
        explicit = sorted((n for n in nodes if n not in implied), key=lambda n: int(slug(n)))
        roles = {slug(index.one(n, "cv:role")) for n in explicit}
        if item and is_main and not implied and not roles & ORGANISES:
            found["heading-role"] = "none"
        if implied and (roles & ORGANISES or not is_main):
            found["heading-role"] = slug(index.one(implied[0], "cv:role"))
        for place, node in enumerate(explicit, len(implied) + 1):
            number = int(slug(node))
            expected = place if is_main else 0
            as_ = "" if number == expected else f" as {number}"
            found[node] = self._party(node, item).replace(" @as", as_)
        return found

    def _party(self, node: str, item: str) -> str:
        index = self.index
        role, who = (
            index.one(node, "cv:role"),
            index.one(node, "cv:hasParticipant") or index.one(node, "dlg:participantKind"),
        )
        passages = self.in_order(index.all(node, "dlg:isEvidencedBy"))
        of_role = [
            p for p in passages if role in index.all(p, "dlg:mentions") and who not in index.all(p, "dlg:mentions")
        ]
        of_who = [p for p in passages if p not in of_role]
        if of_who == [item] and who not in index.all(item, "dlg:mentions"):
            of_who = []
        head = self.said(slug(role), of_role, item, role)
        parts = [head, slug(who)]
        others = index.all(node, "dlg:participantAffiliation")
        if others:
            parts += ["of", *(slug(each) for each in others)]
        area = index.one(node, "dlg:participantArea")
        if area:
            parts += ["in", slug(area)]
        parts.append("@as")
        other = index.one(node, "dlg:isAlternativeTo")
        if other and int(slug(other)) < int(slug(node)):
            parts[-1:] = ["or", slug(other), "@as"]
        scope = index.one(node, "dlg:enumerationScope")
        if scope:
            parts.append(f"({slug(scope)})")
        return self.said(" ".join(parts), of_who, item, who)

    # --- gaps, remarks, facts, leftovers -------------------------------------------------------

    def _gap(self, gap: str, item: str) -> Mapping_:
        index = self.index
        of = index.one(gap, "dlg:gapAbout")
        found: Mapping_ = {
            "id": slug(gap),
            "kind": slug(index.one(gap, "dlg:gapKind")),
            "of": "" if of == self.document else slug(of),
            "name": index.words(gap, "skos:prefLabel"),
            "about": index.words(gap, "dcterms:description"),
            "words": [self.quote(p, item) for p in self._fine_of(gap)],
        }
        return {key: value for key, value in found.items() if value}

    def _fine_of(self, thing: str) -> list[str]:
        return [p for p in self.in_order(self.index.all(thing, "dlg:isEvidencedBy")) if p not in self.items]

    def _remark(self, remark: str) -> Mapping_:
        index = self.index
        of = index.one(remark, "dlg:remarkAbout")
        return {
            **({} if of == self.document else {"of": slug(of)}),
            "name": index.words(remark, "skos:prefLabel"),
            "text": index.words(remark, "dlg:remarkText"),
            "words": [self.quote(p) for p in self._fine_of(remark)],
        }

    def _facts(self, item: str) -> list[Mapping_]:
        """Return what an item tells of contexts: their parties, and words that no mention leads to."""
        found = []
        for thing in self.index.of_kind("Context"):
            words = [
                self.quote(p, item)
                for p in self.index.all(thing, "dlg:isEvidencedBy")
                if self.index.one(p, "dcterms:isPartOf") == item and thing not in self.index.all(p, "dlg:mentions")
            ]
            if words:
                kind = thing.removeprefix(ID).split("/")[0]
                found.append({"of": f"{kind}:{slug(thing)}", "words": words})
            parties = [
                self._party(node, item).replace(" @as", "")
                for node in self.index.all(thing, "cv:hasParticipation")
                if self.index.one(next(iter(self.index.all(node, "dlg:isEvidencedBy")), ""), "dcterms:isPartOf") == item
            ]
            if parties:
                kind = thing.removeprefix(ID).split("/")[0]
                found.append({"of": f"{kind}:{slug(thing)}", "parties": parties})
        return found

    def _leftovers(self, sections: list[Mapping_]) -> None:
        """Name what words say beside the statements: in items, and in headings."""
        for section in sections:
            for item in section.get("items", ()):
                self._names(
                    item, [item["#"], *(p for p in self.fine if self.index.one(p, "dcterms:isPartOf") == item["#"])]
                )
            heading = [
                p
                for p in self.fine
                if not self.index.one(p, "dcterms:isPartOf") and self.index.one(p, "dlg:inSection") == section["#"]
            ]
            self._heading_names(section, heading)
            self._leftovers(section.get("sections", []))

    def _names(self, part: Mapping_, passages: list[str]) -> None:
        names = []
        item = part["#"]
        for passage in self.in_order(passages):
            for thing in self.index.all(passage, "dlg:mentions"):
                if thing not in self.covered[passage]:
                    kind = thing.removeprefix(ID).removeprefix(VOCAB).split("/")[0]
                    is_plain = kind == "org" or (kind == "place" and address("org", slug(thing)) not in self.index.said)
                    plain = slug(thing) if is_plain else f"{kind}:{slug(thing)}"
                    names.append(self.said(plain, [passage], item, thing))
        if names:
            part["names"] = names

    def _heading_names(self, section: Mapping_, passages: list[str]) -> None:
        whole = section.get("heading", "").strip("«»")
        about = address("org", section.get("about", "")) if section.get("about") else ""
        plain = [
            p
            for p in passages
            if self.text.words(self.spans[p]) == whole and self.index.all(p, "dlg:mentions") == [about]
        ]
        if about and not plain:
            names = []
            for passage in self.in_order(passages):
                for thing in self.index.all(passage, "dlg:mentions"):
                    if thing not in self.covered[passage]:
                        names.append(self.said(slug(thing), [passage], "", thing))
            section["names"] = names
