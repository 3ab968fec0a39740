"""Turns the graph of a source back into a reading: how the first listing became a file that people edit."""

from dialogiverkko.graph.source.namebook import address
from dialogiverkko.graph.source.quoting import Mapping_, slug
from dialogiverkko.graph.source.retelling import Reteller
from dialogiverkko.graph.source.statements import LANGUAGES
from dialogiverkko.graph.source.text import Span
from dialogiverkko.namespaces import ID, VOCAB

_CODES = {code: short for short, code in LANGUAGES.items()}


class Decompiler(Reteller):
    """Reads one document of a snapshot back into the mapping of a reading."""

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
        publishers = [slug(each) for each in index.all(doc, "dcterms:publisher")]
        found: Mapping_ = {
            "slug": slug_,
            "document": slug(doc),
            "passages": "lines" if any(slug(item).startswith("L") for item in self.items) else "",
            "kind": slug(index.one(doc, "dlg:sourceKind")) or "listing",
            "title": index.words(doc, "skos:prefLabel"),
            "about": index.words(doc, "dcterms:description"),
            "page": index.one(doc, "foaf:page"),
            "publisher": publishers[0] if len(publishers) == 1 else publishers,
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
            found["heading"] = f"«{self.text.quotable(heading)}»"
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
        words = self.text.quotable(self.spans[item]).split(" ")
        for many in range(1, 7):
            opening = " ".join(words[:many])
            same = [i for i in self.items if self.text.quotable(self.spans[i]).startswith(opening)]
            if len(same) == 1 and (many >= 2 or len(words) == 1):
                return f"«{opening}»"
        return f"«{' '.join(words[:7])}»"

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
